"""Makes the things that tests stand on: one plain function per entity."""

from tests.make.accounts import *  # noqa: F403
from tests.make.credit import *  # noqa: F403
from tests.make.governance import *  # noqa: F403
from tests.make.marketplace_listings import *  # noqa: F403
from tests.make.marketplace_orders import *  # noqa: F403
from tests.make.marketplace_prices import *  # noqa: F403
from tests.make.matching import *  # noqa: F403
from tests.make.supervision import *  # noqa: F403
