"""What a member may think of an answer: the two buttons under it."""

from enum import StrEnum


class Rating(StrEnum):
    """A button's opinion, as its id and the counts name it."""

    HELPFUL = "helpful"
    WRONG = "wrong"
