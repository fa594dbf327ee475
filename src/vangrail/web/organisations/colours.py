"""The one colour that an organisation chooses, and what follows from it. Contrast is that of WCAG 2.2, 1.4.3."""

import re
from dataclasses import dataclass

LEAST_CONTRAST = 4.5
"""Of text against its background (WCAG 2.2 AA, 1.4.3)."""
_WHITE, _BLACK = (255, 255, 255), (0, 0, 0)
Rgb = tuple[int, int, int]


@dataclass(frozen=True, kw_only=True)
class Accent:
    """A colour for links and buttons, a darker one for bars, and a pale one behind text; each as #rrggbb."""

    accent: str
    dark: str
    pale: str


def parsed(text: str) -> Rgb | None:
    """The colour; none when it is not written as #rrggbb."""
    found = re.fullmatch(r"#([0-9a-fA-F]{2})([0-9a-fA-F]{2})([0-9a-fA-F]{2})", text)
    return None if found is None else (int(found[1], 16), int(found[2], 16), int(found[3], 16))


def contrast(one: Rgb, other: Rgb = _WHITE) -> float:
    """From 1 (the same) to 21 (black on white)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def accent(colour: Rgb) -> Accent:
    """The colour with its dark and its pale companion."""
    return Accent(
        accent=_written(colour), dark=_written(_mixed(colour, _BLACK, 0.3)), pale=_written(_mixed(colour, _WHITE, 0.93))
    )


def _luminance(colour: Rgb) -> float:
    """WCAG 2.2, 'relative luminance'."""
    red, green, blue = (c / 255 / 12.92 if c / 255 <= 0.04045 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _mixed(one: Rgb, other: Rgb, share: float) -> Rgb:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _written(colour: Rgb) -> str:
    return "#" + "".join(f"{c:02x}" for c in colour)
