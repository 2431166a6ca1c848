"""Explicit layers: each runs forward, each runs backward in isolation from the rest. Imports numpy and nothing else."""

from layers.base import Layer as Layer
from layers.errors import BackwardBeforeForwardError as BackwardBeforeForwardError
from layers.errors import DtypeError as DtypeError
from layers.errors import ParameterNameError as ParameterNameError
from layers.errors import PlacedError as PlacedError
from layers.errors import ShapeError as ShapeError
from layers.errors import SharedLayerError as SharedLayerError
from layers.gates.add import Add as Add
from layers.linear import Linear as Linear
from layers.pointwise.relu import ReLU as ReLU
from layers.wiring.branch import Branch as Branch
from layers.wiring.identity import Identity as Identity
