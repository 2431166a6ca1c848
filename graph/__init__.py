"""What composes layers and runs them: chains, branches, graphs, training, and views of all of these."""

from graph.backward_network import backward_network as backward_network
from graph.checking.check_gradients import check_gradients as check_gradients
from graph.checking.check_layer import check_layer as check_layer
from graph.checking.numerical import numerical_gradient as numerical_gradient
from graph.dag import Graph as Graph
from graph.flat_code import flat_code as flat_code
from graph.jacobian import jacobian as jacobian
from graph.parallel import Parallel as Parallel
from graph.recurrent import Recurrent as Recurrent
from graph.save_load import load as load
from graph.save_load import save as save
from graph.sequential import Residual as Residual
from graph.sequential import Sequential as Sequential
from graph.training import schedules as schedules
from graph.training.adam import Adam as Adam
from graph.training.clip import Clipped as Clipped
from graph.training.clip import clip_by_norm as clip_by_norm
from graph.training.fit import fit as fit
from graph.training.momentum import Momentum as Momentum
from graph.training.rmsprop import RMSProp as RMSProp
from graph.training.sgd import sgd as sgd
from graph.unroll import unroll as unroll
from graph.views.draw import draw as draw
from graph.views.trace import Trace as Trace
