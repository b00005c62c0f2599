"""The claims about Discord."""

from dataclasses import replace

from tools.bench.discord import commands, guilds, held, raid
from tools.bench.row import Measured, Row


def _command_cpu() -> Measured:
    return commands.measured()[0]


def _command_p99() -> Measured:
    return commands.measured()[1]


def _guild_memory() -> Measured:
    return guilds.measured()[0]


def _guild_cpu() -> Measured:
    return guilds.measured()[1]


def _guild_ready() -> Measured:
    return guilds.measured()[2]


def _raid_cpu() -> Measured:
    return replace(raid.measured()[0], holds=held.longest())


def _raid_messages() -> Measured:
    return raid.measured()[1]


def _raid_memory() -> Measured:
    return raid.measured()[2]


def _raid_p99() -> Measured:
    return raid.measured()[3]


ROWS = (
    Row("discord-command", "CPU of a slash command, beside bare discord.py", "µs", 0.90, True, _command_cpu),
    Row("discord-command-p99", "its 99th percentile, 16 in flight", "ms", 1.0, True, _command_p99),
    Row("discord-guild", "memory of a guild, of 5,000", "KiB", 4.0, True, _guild_memory, absolute=True),
    Row("discord-guilds-cpu", "CPU until 5,000 guilds are served, default caches beside", "s", 1.0, True, _guild_cpu),
    Row("discord-guilds-ready", "time until 5,000 guilds are served", "s", 1.0, True, _guild_ready),
    Row(
        "growth-guilds",
        "CPU until a guild is served: each of 1,000 beside each of 100",
        "µs",
        1.2,
        True,
        guilds.growing,
    ),
    Row("discord-raid", "CPU of a join, beside gathering joins without a cache", "µs", 1.2, True, _raid_cpu),
    Row("discord-raid-messages", "messages about 50,000 joins", "", 3, True, _raid_messages, absolute=True),
    Row("discord-raid-memory", "memory after 50,000 joins", "MiB", 10, True, _raid_memory, absolute=True),
    Row("discord-raid-p99", "99th percentile of a command in a raid, beside none", "ms", 3.0, True, _raid_p99),
)
