"""A face of nobody, drawn: shaded ellipses that a detector takes for a face. No photograph of a person is kept here."""

from __future__ import annotations

import numpy as np
from PIL import Image

_PARTS = (  # across, down, half width, half height (of the side), colour, softness of the rim, shaded
    (0.500, 0.975, 0.420, 0.280, (60, 70, 110), 0.06, True),  # shoulders
    (0.500, 0.750, 0.110, 0.160, (190, 145, 120), 0.06, True),  # neck
    (0.500, 0.460, 0.270, 0.360, (50, 35, 28), 0.06, True),  # hair
    (0.500, 0.510, 0.220, 0.300, (224, 178, 150), 0.06, True),
    (0.506, 0.550, 0.020, 0.080, (205, 155, 130), 0.80, False),  # nose
    (0.500, 0.585, 0.045, 0.022, (195, 142, 118), 0.80, False),
    (0.500, 0.660, 0.080, 0.024, (175, 85, 85), 0.40, False),  # mouth
    (0.500, 0.657, 0.075, 0.005, (110, 50, 50), 0.40, False),
)
_PAIRS = (  # the same, on both sides of the middle
    (0.095, 0.450, 0.055, 0.012, (60, 40, 30), 0.50),  # brows
    (0.095, 0.492, 0.050, 0.035, (190, 140, 118), 0.80),  # eyes
    (0.095, 0.495, 0.038, 0.019, (240, 235, 230), 0.30),
    (0.095, 0.495, 0.017, 0.018, (60, 45, 35), 0.30),
    (0.020, 0.595, 0.011, 0.007, (110, 70, 60), 0.50),  # nostrils
)
EYES_AND_MOUTH = (0.36, 0.44, 0.64, 0.68)
"""What must lie within the box of the face: x0, y0, x1, y1 of the side."""


def face(side: int) -> Image.Image:
    """The face on grey, a square of ``side`` pixels."""
    both = [(0.5 + s * x, y, w, h, colour, rim, False) for x, y, w, h, colour, rim in _PAIRS for s in (-1, 1)]
    down, across = np.mgrid[0:800, 0:800] / 800
    drawn = np.full((800, 800, 3), (150.0, 160.0, 165.0))
    for x, y, wide, high, colour, rim, shaded in (*_PARTS, *both):
        away = ((across - x) / wide) ** 2 + ((down - y) / high) ** 2
        cover = np.clip((1 - away) / rim, 0, 1)[..., None]
        light = 1.08 - 0.35 * np.clip(away, 0, 1) - 0.12 * (across - x) / wide if shaded else np.ones_like(away)
        drawn = drawn * (1 - cover) + np.array(colour) * light[..., None] * cover
    return Image.fromarray(np.clip(drawn, 0, 255).astype(np.uint8)).resize((side, side), Image.Resampling.LANCZOS)
