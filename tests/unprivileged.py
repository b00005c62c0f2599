"""For tests of what may not be read or written: root may everything, unless it gives that up."""

import os

BEFORE = ("setpriv", "--bounding-set=-dac_override,-dac_read_search") if os.geteuid() == 0 else ()
"""What to put before a command so that the modes of files count for it."""
