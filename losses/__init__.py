"""Losses: layers with a target, and the curve of their values."""

from losses.base import Loss as Loss
from losses.binary_cross_entropy import BinaryCrossEntropy as BinaryCrossEntropy
from losses.cosine_embedding import CosineEmbeddingLoss as CosineEmbeddingLoss
from losses.hinge_embedding import HingeEmbeddingLoss as HingeEmbeddingLoss
from losses.huber import HuberLoss as HuberLoss
from losses.kl_div import KLDivLoss as KLDivLoss
from losses.l1 import L1Loss as L1Loss
from losses.l2 import L2Loss as L2Loss
from losses.l2_penalty import L2Penalty as L2Penalty
from losses.live_curve import LiveCurve as LiveCurve
from losses.loss_curve import LossCurve as LossCurve
from losses.margin_ranking import MarginRankingLoss as MarginRankingLoss
from losses.nll import NLLLoss as NLLLoss
from losses.poisson_nll import PoissonNLLLoss as PoissonNLLLoss
from losses.smooth_l1 import SmoothL1Loss as SmoothL1Loss
from losses.softmax_cross_entropy import SoftmaxCrossEntropy as SoftmaxCrossEntropy
from losses.svm import SVMLoss as SVMLoss
