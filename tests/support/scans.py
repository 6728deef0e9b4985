"""Scans made by the test: pages drawn, then kept as pixels only, tilted, blurred and squeezed as scanners do."""

from __future__ import annotations

import io

import pymupdf
from PIL import Image, ImageFilter


def drawn(text: str, width: float = 420, height: float = 200, size: float = 14, dpi: int = 200) -> Image.Image:
    """A page with this text as a picture."""
    with pymupdf.open() as document:
        page = document.new_page(width=width, height=height)
        page.insert_text((30, 50), text, fontsize=size)
        pixels = page.get_pixmap(dpi=dpi)
        return Image.frombytes("RGB", (pixels.width, pixels.height), pixels.samples)


def scanned(*texts: str, noisy: bool = False, rotate: int = 0, **more: float) -> bytes:
    """A PDF of pictures only, a page for each text."""
    with pymupdf.open() as document:
        for text in texts:
            picture = drawn(text, **more)  # type: ignore[arg-type]
            out = io.BytesIO()
            if noisy:
                picture = picture.rotate(0.7, expand=False, fillcolor="white", resample=Image.Resampling.BICUBIC)
                picture.filter(ImageFilter.GaussianBlur(0.8)).save(out, "JPEG", quality=40)
            else:
                picture.save(out, "PNG")
            page = document.new_page(width=picture.width * 72 / 200, height=picture.height * 72 / 200)
            page.insert_image(page.rect, stream=out.getvalue())
            page.set_rotation(rotate)
        return bytes(document.tobytes())


def png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
