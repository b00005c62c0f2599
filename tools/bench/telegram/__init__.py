"""The whole bot on Telegram beside bare bots on the libraries people use: the fake Bot API, the twins, the rounds."""
