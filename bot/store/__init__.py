"""What the bot stores, in an SQLite file or PostgreSQL: settings, pins, hashes and counts, and nothing of members."""
