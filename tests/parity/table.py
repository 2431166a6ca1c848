"""The table: for each of torch's module samples the layer of the kit that answers it, or why none should."""

from __future__ import annotations

import layers as L
import losses as J
from tests.parity.answers import Answer, along, of
from tests.parity.attention import ATTENTION
from tests.parity.costs import a_class, binary_cross_entropy, elementwise, kl_div, labelled, loss
from tests.parity.sequences import CELLS, NETS
from tests.parity.spaces import affine, as_image, batch_norm, batched, convolution, instance_norm, norm, pad, pooling

LAZY = "lazy: sizes found at the first call; here every size is said where the layer is made"
SPACE = "three axes of space: n_space = 3 in a subclass; no network of the course needs it"
RANDOM = "pools at random places: nobody teaches it"


TABLE: dict[str, Answer | str] = {
    # linear, embedding
    "nn.Linear": Answer(lambda m: L.Linear(m.in_features, m.out_features, bias=m.bias is not None)),
    "nn.Bilinear": Answer(lambda m: L.Bilinear(*m.weight.shape[1:], len(m.weight), bias=m.bias is not None)),
    "nn.Embedding": Answer(lambda m: L.Embedding(m.num_embeddings, m.embedding_dim)),
    # convolution
    "nn.Conv1d": convolution(L.Conv1d),
    "nn.Conv2d": convolution(L.Conv2d),
    "nn.Conv3d": SPACE,
    "nn.ConvTranspose1d": convolution(L.ConvTranspose1d, "output_padding"),
    "nn.ConvTranspose2d": convolution(L.ConvTranspose2d, "output_padding"),
    "nn.ConvTranspose3d": SPACE,
    "nn.LazyConv1d": LAZY,
    "nn.LazyConv2d": LAZY,
    "nn.LazyConv3d": LAZY,
    "nn.LazyConvTranspose1d": LAZY,
    "nn.LazyConvTranspose2d": LAZY,
    "nn.LazyConvTranspose3d": LAZY,
    # pooling
    "nn.MaxPool1d": pooling(L.MaxPool1d, "dilation"),
    "nn.MaxPool2d": pooling(L.MaxPool2d, "dilation"),
    "nn.MaxPool3d": SPACE,
    "nn.AvgPool1d": pooling(L.AvgPool1d),
    "nn.AvgPool2d": pooling(L.AvgPool2d),
    "nn.AvgPool3d": SPACE,
    "nn.AdaptiveAvgPool1d": Answer(lambda m: L.AdaptiveAvgPool1d(m.output_size)),
    "nn.AdaptiveAvgPool2d": Answer(lambda m: L.AdaptiveAvgPool2d(m.output_size)),
    "nn.AdaptiveAvgPool3d": SPACE,
    "nn.AdaptiveMaxPool1d": "the average of that kind is here (AdaptiveAvgPool1d); networks use hardly any other",
    "nn.AdaptiveMaxPool2d": "the average of that kind is here (AdaptiveAvgPool2d); networks use hardly any other",
    "nn.AdaptiveMaxPool3d": SPACE,
    "nn.FractionalMaxPool2d": RANDOM,
    "nn.FractionalMaxPool3d": RANDOM,
    "nn.LPPool1d": "is Square, AvgPool, Sqrt for the norm 2; for the norm 1.5 torch's own samples give nan",
    "nn.LPPool2d": "is Square, AvgPool, Sqrt for the norm 2; for the norm 1.5 torch's own samples give nan",
    "nn.LPPool3d": SPACE,
    # padding: one layer for any number of axes
    **{f"nn.ZeroPad{n}d": pad(L.Pad) for n in (1, 2, 3)},
    **{f"nn.ConstantPad{n}d": pad(L.Pad) for n in (1, 2, 3)},
    **{f"nn.ReflectionPad{n}d": pad(L.Pad, "reflect") for n in (1, 2, 3)},
    **{f"nn.ReplicationPad{n}d": pad(L.Pad, "edge") for n in (1, 2, 3)},
    **{f"nn.CircularPad{n}d": pad(L.Pad, "wrap") for n in (1, 2, 3)},
    # normalization
    **{f"nn.BatchNorm{n}d": norm(batch_norm) for n in (1, 2, 3)},
    **{f"nn.InstanceNorm{n}d": norm(instance_norm, batched(n + 2)) for n in (1, 2, 3)},
    "nn.GroupNorm": norm(lambda m: L.GroupNorm(m.num_groups, m.num_channels, eps=m.eps, **affine(m))),
    "nn.LayerNorm": norm(lambda m: L.LayerNorm(m.normalized_shape, eps=m.eps, **affine(m))),
    "nn.RMSNorm": norm(lambda m: L.RMSNorm(m.normalized_shape, eps=m.eps, affine=m.weight is not None)),
    "nn.LocalResponseNorm": Answer(
        lambda m: L.LocalResponseNorm(m.size, alpha=m.alpha, beta=m.beta, k=m.k), enter=as_image, leave=as_image
    ),
    # pointwise
    "nn.CELU": of(L.CELU, "alpha"),
    "nn.ELU": of(L.ELU, "alpha"),
    "nn.GELU": of(L.GELU, "approximate"),
    "nn.GLU": of(L.GLU, axis="dim"),
    "nn.Hardshrink": of(L.Hardshrink, threshold="lambd"),
    "nn.Hardswish": of(L.Hardswish),
    "nn.Hardtanh": of(L.Hardtanh, low="min_val", high="max_val"),
    "nn.LeakyReLU": of(L.LeakyReLU, slope="negative_slope"),
    "nn.LogSigmoid": of(L.LogSigmoid),
    "nn.Mish": of(L.Mish),
    "nn.PReLU": Answer(lambda m: L.PReLU(m.num_parameters), {"a": "weight"}),
    "nn.ReLU": of(L.ReLU),
    "nn.ReLU6": of(L.ReLU6),
    "nn.SELU": of(L.SELU),
    "nn.Sigmoid": of(L.Sigmoid),
    "nn.SiLU": of(L.SiLU),
    "nn.Softplus": Answer(
        lambda m: L.Softplus(m.beta),
        outside=lambda m, xs: "threshold: a Softplus cut into a straight line" if m.threshold != 20 else "",
    ),
    "nn.Softshrink": of(L.Softshrink, threshold="lambd"),
    "nn.Softsign": of(L.Softsign),
    "nn.Tanh": of(L.Tanh),
    "nn.Tanhshrink": of(L.Tanhshrink),
    "nn.Threshold": of(L.Threshold, "threshold", "value"),
    # softmax
    "nn.Softmax": along(L.Softmax),
    "nn.Softmax2d": Answer(lambda m: L.Softmax(axis=-3)),
    "nn.LogSoftmax": along(L.LogSoftmax),
    "nn.Softmin": along(L.Softmin),
    # losses
    "nn.L1Loss": elementwise(J.L1Loss),
    "nn.MSELoss": elementwise(J.L2Loss),
    "nn.HuberLoss": elementwise(J.HuberLoss, "delta"),
    "nn.SmoothL1Loss": elementwise(J.SmoothL1Loss, "beta"),
    "nn.BCEWithLogitsLoss": binary_cross_entropy(elementwise=True),
    "nn.BCELoss": "takes probabilities: BinaryCrossEntropy takes logits, which cannot reach 0 or 1 and overflow",
    "nn.CrossEntropyLoss": labelled(J.SoftmaxCrossEntropy, "label_smoothing"),
    "nn.NLLLoss": labelled(J.NLLLoss),
    "nn.KLDivLoss": kl_div,
    "nn.PoissonNLLLoss": elementwise(J.PoissonNLLLoss, "log_input", "full", "eps"),
    "nn.CosineEmbeddingLoss": loss(J.CosineEmbeddingLoss, "margin"),
    "nn.MarginRankingLoss": elementwise(J.MarginRankingLoss, "margin"),
    "nn.HingeEmbeddingLoss": elementwise(J.HingeEmbeddingLoss, "margin"),
    "nn.MultiMarginLoss": loss(
        J.SVMLoss,
        "margin",
        times=a_class,
        outside=lambda m, xs: "p=2 or weight: the slides' SVM has neither" if m.p != 1 or m.weight is not None else "",
    ),
    "nn.MultiLabelMarginLoss": "several right classes in one hinge: nobody teaches it",
    "nn.SoftMarginLoss": "is BinaryCrossEntropy, with the answers written 1 and -1 for 1 and 0",
    "nn.MultiLabelSoftMarginLoss": binary_cross_entropy(elementwise=False),
    "nn.GaussianNLLLoss": "a loss with two predictions, one a variance that must stay positive: nobody teaches it",
    "nn.CTCLoss": "alignments summed by dynamic programming: a subject of its own",
    "nn.LinearCrossEntropyLoss": "Linear and SoftmaxCrossEntropy in one kernel: here they are two layers",
    # recurrence and attention
    **CELLS,
    **NETS,
    **ATTENTION,
}
