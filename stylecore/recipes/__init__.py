"""What to optimise and in how many steps: `Recipe`, presets, reference recipes.

A recipe holds the objective `alpha · content + beta · style + tv · TV` and the
schedule by which it is minimised. Nothing here needs torch, so that a bot or a
command line can read it for free.
"""

from .differences import described as described
from .differences import differences as differences
from .fields import LAYERS as LAYERS
from .fields import SMALLEST_SIDE_PX as SMALLEST_SIDE_PX
from .fields import Border as Border
from .fields import Colors as Colors
from .fields import Init as Init
from .fields import LayerSteps as LayerSteps
from .fields import LayerWeight as LayerWeight
from .fields import Normalisation as Normalisation
from .fields import Optimizer as Optimizer
from .fields import Pooling as Pooling
from .fields import Scale as Scale
from .fields import Space as Space
from .fields import Strength as Strength
from .fields import Variation as Variation
from .presets import DEFAULT_STRENGTH as DEFAULT_STRENGTH
from .presets import REFERENCE_RECIPES as REFERENCE_RECIPES
from .presets import preset as preset
from .recipe import Recipe as Recipe
from .sizes import largest_edge as largest_edge
