"""What members and moderators can do: answers, moderation, pins, welcomes, statistics, diagnosis."""
