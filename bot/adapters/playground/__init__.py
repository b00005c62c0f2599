"""The playground: a page on which the bot is tried, through the same responder as on the platforms."""
