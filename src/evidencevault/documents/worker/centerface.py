"""CenterFace (Xu et al., "Joint Face Detection and Alignment Using Face as Point", 2020): a picture to scored boxes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from evidencevault.resources import find

STRIDE = 4
"""Pixels of the input for each cell of the four maps."""
THRESHOLD = 0.2
"""A face that is not suggested is seen by nobody; a suggestion that is none costs a click."""
UNUSUAL = 0.3
"""The same for enlarged and turned pictures, where foliage and door knobs reach the lower threshold."""
MOST = 2000
"""Candidates kept of one run; a picture of noise must not make millions."""
_MULTIPLE = 32
_SAME = 0.3  # intersection over union
_Map = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Found:
    """A face in pixels of the picture, and how sure the network is (0 to 1)."""

    x0: float
    y0: float
    x1: float
    y1: float
    score: float


class Network:
    """The network, loaded once. One thread: a worker may have many cores, not all of them."""

    def __init__(self) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False  # tiles of several sizes would each keep their arena
        options.log_severity_level = 3
        model = find("resources/models/centerface.onnx").read_bytes()
        self._session: Any = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])

    def faces(self, rgb: NDArray[np.uint8], threshold: float) -> list[Found]:
        """Faces in a picture of shape (height, width, 3); overlapping candidates are not yet thinned."""
        height, width = rgb.shape[:2]
        # What is added on the right and below to reach whole cells is black, so pixels keep their places.
        padded = np.zeros((_whole(height), _whole(width), 3), np.float32)
        padded[:height, :width] = rgb
        heat, scale, offset, _ = self._session.run(None, {"input.1": padded.transpose(2, 0, 1)[None]})
        return decoded(heat[0, 0], scale[0], offset[0], threshold)


def decoded(heat: _Map, scale: _Map, offset: _Map, threshold: float) -> list[Found]:
    """Boxes out of the maps: ``heat`` (h, w), ``scale`` (2, h, w; logarithm of height, width in cells), ``offset``
    (2, h, w; of the centre, down and across, in cells)."""
    rows, columns = np.nonzero(heat > threshold)
    scores = heat[rows, columns]
    best = np.argsort(-scores, kind="stable")[:MOST]
    rows, columns, scores = rows[best], columns[best], scores[best]
    high, wide = np.exp(np.clip(scale[:, rows, columns], -10, 10)) * STRIDE
    down, across = offset[:, rows, columns]
    y, x = (rows + down + 0.5) * STRIDE, (columns + across + 0.5) * STRIDE
    corners = np.stack([x - wide / 2, y - high / 2, x + wide / 2, y + high / 2, scores], axis=1)
    return [Found(*(float(one) for one in row)) for row in corners[np.isfinite(corners).all(axis=1)]]


def thinned(faces: list[Found]) -> list[Found]:
    """The surest of each heap of boxes that mean the same face (greedy non-maximum suppression).

    Boxes within larger ones stay: which of the two is the face, the reviewer sees.
    """
    left = sorted(faces, key=lambda one: -one.score)[:MOST]
    kept: list[Found] = []
    for face in left:
        if all(_overlap(face, other) < _SAME for other in kept):
            kept.append(face)
    return kept


def _overlap(a: Found, b: Found) -> float:
    wide, high = min(a.x1, b.x1) - max(a.x0, b.x0), min(a.y1, b.y1) - max(a.y0, b.y0)
    if wide <= 0 or high <= 0:
        return 0.0
    both = wide * high
    return both / ((a.x1 - a.x0) * (a.y1 - a.y0) + (b.x1 - b.x0) * (b.y1 - b.y0) - both)


def _whole(pixels: int) -> int:
    return -(-pixels // _MULTIPLE) * _MULTIPLE
