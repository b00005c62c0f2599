"""What people can do: answers, moderation, pins, welcomes, statistics, diagnosis."""
