"""`python -m saphan.engines.runner`: the exhibitor's workbench."""

import sys

from saphan.engines.runner.workbench import main

sys.exit(main(sys.argv[1:]))
