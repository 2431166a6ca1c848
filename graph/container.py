"""What every container shares: names, one list of parameters, one place where the gradients of a tied one add."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Self

from graph.naming.contributions import addends_of, contributions
from graph.naming.live_params import LiveParams, owner
from graph.naming.places import refuse_shared
from graph.naming.states import load_inside, state_inside
from graph.naming.ties import routes_of, tie_again
from graph.predict import predict
from graph.steady import Steady
from layers.base import Array, Gradients, Layer
from layers.errors import BackwardBeforeForwardError, ParameterNameError, label, locate
from layers.update import checked_update, move


class Container(Steady):
    """A layer made of layers. Subclasses say in `forward` and `backward` how the wires run; the rest is here.

    Equation:  dJ/dtheta = sum over the places i of theta of dJ/dtheta^i
    Raises:    SharedLayerError if one layer object stands in two places, naming both
               TypeError if something inside is not a layer
    Source:    chapter 14.8, equation 14.47

    `params` is a read-only mapping of live arrays, named by place ("0.W", "hidden.W", "1.0.b"); a tied parameter is
    listed once, under its first name, and its gradient is the sum over its places.
    """

    def __init__(self, layers: Mapping[str, Layer]) -> None:
        self.layers = dict(layers)
        for name, layer in self.layers.items():
            if not isinstance(layer, Layer):
                hint = {type: ": give an instance, not the class", list: ": unpack it with *"}.get(type(layer), "")
                raise TypeError(f'{type(self).__name__}: layer "{name}" must be a Layer, got {layer!r}{hint}')
        refuse_shared(self)
        self._bind()

    def _bind(self) -> None:
        """Work out once where each parameter of each layer stands in the list of all."""
        self._routes = {name: routes for name, routes in routes_of(self.layers).items() if routes}
        # plain tuples: unpacking a Route, which has names, takes four times as long
        self._names = [(layer_name, *route) for layer_name, routes in self._routes.items() for route in routes]
        places = [(self.layers[name], route) for name, routes in self._routes.items() for route in routes]
        owners = {route.name: owner(layer, route.short) for layer, route in places if route.first}
        self.params = LiveParams(owners)
        # parameters of layers with an update of their own, which gets all of a layer's gradients at once
        self._moved_by_layer = [name for name, (layer, _) in owners.items() if type(layer).update is not Layer.update]
        self._tied_names = {route.name for _, route in places if not route.first}
        self._addends: Gradients = {}  # a tied parameter's gradients by place: to look at, never computed with
        self._survey()

    def gather(self, param_grads: Mapping[str, Gradients]) -> Gradients:
        """The layers' gradients under the container's names, in order; those of a tied parameter are added up.

        `param_grads` has an entry for each layer that gave gradients.
        """
        for layer_name, routes in self._routes.items():
            grads = param_grads.get(layer_name, {})
            if len(grads) != len(routes) or any(grads.get(route.short) is None for route in routes):
                self._refuse_gradients(layer_name, grads)
        for layer_name, grads in param_grads.items():
            if grads and layer_name not in self._routes:
                self._refuse_gradients(layer_name, grads)
        return self.gather_unchecked(param_grads)

    def gather_unchecked(self, param_grads: Mapping[str, Gradients]) -> Gradients:
        """`gather` for gradients that are known to be those of the parameters."""
        total: Gradients = {}
        for layer_name, short, name, first, transposed in self._names:
            g = param_grads[layer_name][short]
            if transposed:
                g = g.T
            total[name] = g if first else total[name] + g
        if self._tied_names:
            self._addends = addends_of(self.layers, self._routes, self._tied_names, param_grads)
        return total

    def _refuse_gradients(self, layer_name: str, grads: Gradients) -> None:
        """Gradients other than those of the layer's parameters."""
        layer = self.layers[layer_name]
        error = ParameterNameError(
            f"param_grads must have the keys of params, {list(layer.params)}, got {list(grads)}", label(layer)
        )
        locate(error, self, layer_name)
        raise error

    def contributions(self, name: str) -> Gradients:
        """What each place of a tied parameter added to its gradient in the last backward pass: 14.47 before the sum.

        Returns the addends by place; their sum is `param_grads[name]`. Empty for a parameter that has one place only,
        and before any backward pass.
        """
        return contributions(self, name, self._routes, self._addends)

    def update(self, param_grads: Mapping[str, Array], lr: float) -> None:
        lr, steps = checked_update(self, param_grads, lr)
        by_layer: dict[Layer, Gradients] = {}
        for name in self._moved_by_layer:
            if name in steps:
                layer, short = self.params.owners[name]
                by_layer.setdefault(layer, {})[short] = steps.pop(name)[1]
        move(steps.values(), lr)
        for layer, layer_grads in by_layer.items():
            layer.update(layer_grads, lr)

    def backward(self, g_out: Any, to_data: bool = True) -> tuple[Any, Gradients]:
        """(g_in, param_grads); with `to_data=False` g_in is None, and no work is done for it."""
        raise NotImplementedError

    def _check_ran(self) -> None:
        if not self._ran:
            message = "backward needs a forward pass first: call forward(x_in)"
            raise BackwardBeforeForwardError(message, type(self).__name__)

    def backward_params(self, g_out: Any) -> Gradients:
        return self.backward(g_out, to_data=False)[1]

    def tied(self) -> Self:
        other = super().tied()
        other._bind()
        return other

    def __setstate__(self, state: dict[str, Any]) -> None:
        """A copy (copy.deepcopy, pickle) has arrays of its own, tied as they were."""
        vars(self).update(state)
        tie_again(self.layers, self._routes, self.params)
        self._like = None

    def state(self) -> dict[str, Array]:
        return state_inside(self)

    def load_state(self, state: Mapping[str, Array]) -> None:
        load_inside(self, state)

    def predict(self, x: Any, *, batch_size: int = 1024) -> Any:
        """x_out for many datapoints, in batches and in eval mode; mode and operating point stay as they were.

        Shapes: x (N, ...), returns (N, ...); a single datapoint (n_in,) is run as it is.
        """
        return predict(self, x, batch_size)

    def __getitem__(self, key: int | str) -> Layer:
        if isinstance(key, str):
            if key not in self.layers:
                raise KeyError(f'{type(self).__name__} has no layer "{key}"; it has {", ".join(self.layers)}')
            return self.layers[key]
        return list(self.layers.values())[key]

    def __len__(self) -> int:
        return len(self.layers)

    def __iter__(self) -> Iterator[Layer]:
        return iter(self.layers.values())

    def __repr__(self) -> str:
        lines = [f"  {name}: {layer!r}".replace("\n", "\n  ") for name, layer in self.layers.items()]
        return "\n".join([f"{type(self).__name__}(", *lines, ")"])
