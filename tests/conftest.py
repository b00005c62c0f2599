"""What every test shares: how hypothesis searches, so that a green run stays green until the code changes, and how many
processes `--numprocesses auto` starts.
"""

import os

from hypothesis import HealthCheck, settings

# No deadline: machines share their cores, and a slow example is no wrong one. `--hypothesis-profile=explore`
# looks where no run has looked.
settings.register_profile(
    "repeatable",
    deadline=None,
    derandomize=True,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("explore", deadline=None, max_examples=1000, print_blob=True)
settings.load_profile("repeatable")


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores, since some tests wait for a process or a platform most of their time."""
    return min(4, (os.cpu_count() or 1) + 1)
