"""Opens a model file or an endpoint as one kind of predictor: rows in, advice and score out."""

from vangrail.predictors.predictor import Predictor, open_predictor

__all__ = ["Predictor", "open_predictor"]
