"""A gallery of broken layers: each makes one classic mistake, for the eye to find and for check_layer to name.

Show a class without the last line of its docstring: that line is the answer.
"""

from graph.checking.broken_layers.affine import Affine as Affine
from graph.checking.broken_layers.affine import Averaging as Averaging
from graph.checking.broken_layers.affine import BackAgain as BackAgain
from graph.checking.broken_layers.affine import BiasForEach as BiasForEach
from graph.checking.broken_layers.affine import Eager as Eager
from graph.checking.broken_layers.affine import Replacing as Replacing
from graph.checking.broken_layers.affine import RowByRow as RowByRow
from graph.checking.broken_layers.affine import SquareLinear as SquareLinear
from graph.checking.broken_layers.affine import WrongAxis as WrongAxis
from graph.checking.broken_layers.memory import Buffered as Buffered
from graph.checking.broken_layers.memory import InPlace as InPlace
from graph.checking.broken_layers.memory import SharedMemory as SharedMemory
from graph.checking.broken_layers.memory import Upcast as Upcast
from graph.checking.broken_layers.pointwise import DiagonalSoftmax as DiagonalSoftmax
from graph.checking.broken_layers.pointwise import Fork as Fork
from graph.checking.broken_layers.pointwise import GradientMask as GradientMask
from graph.checking.broken_layers.pointwise import HalfSquare as HalfSquare
from graph.checking.broken_layers.pointwise import Pointwise as Pointwise
from graph.checking.broken_layers.pointwise import TwiceMean as TwiceMean
from graph.checking.broken_layers.pointwise import WrongTogether as WrongTogether
