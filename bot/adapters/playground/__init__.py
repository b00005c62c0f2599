"""The playground: a page to try the bot on, with the same responder as on the platforms."""
