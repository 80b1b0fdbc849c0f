"""Draws a preview for a sample model: an abstract landscape, sea or shape in a palette of its own."""

from __future__ import annotations

import colorsys
import math
from collections.abc import Callable
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

Colour = tuple[int, int, int]
Point = tuple[float, float]

WIDTH, HEIGHT = 512, 768
_SMOOTHING = 2
"""Masks are drawn so many times larger, for smooth edges."""
_GRADIENT_AT_EDGE = 255 / math.sqrt(2)
"""Pillow's radial gradient is 255 in the corners, and so much in the middle of each edge."""
_HUES = (0.0, 0.06, 0.40, 0.48, 0.54, 0.60, 0.66, 0.72, 0.80, 0.90, 0.95)
"""Without the greenish yellows, which look like mud when they are dark."""


def draw_picture(name: str, seed: int, motif: int) -> Image.Image:
    """The same picture for the same arguments, 512 by 768 pixels, RGB. Any number is a motif; the next is another."""
    chance = Random(f"{seed}:picture:{name}")  # noqa: S311 - a picture, no secret
    palette = _choose_palette(chance)
    picture = _gradient(palette[0], palette[1])
    _MOTIFS[motif % len(_MOTIFS)](picture, palette, chance)
    return _finish(picture)


def _choose_palette(chance: Random) -> list[Colour]:
    """Five colours from dark to light that go together: neighbours on the colour circle and one from across."""
    hue, spread = chance.choice(_HUES) + chance.uniform(-0.03, 0.03), chance.uniform(0.04, 0.08)
    across = hue + 0.5 + chance.uniform(-0.08, 0.08)
    return [
        _colour(hue, 0.68, 0.28),
        _colour(hue + spread, 0.52, 0.84),
        _colour(hue - spread, 0.62, 0.58),
        _colour(across, 0.58, 0.96),
        _colour(hue + spread / 2, 0.16, 0.97),
    ]


def _colour(hue: float, saturation: float, value: float) -> Colour:
    red, green, blue = colorsys.hsv_to_rgb(hue % 1, saturation, value)
    return round(red * 255), round(green * 255), round(blue * 255)


def _blend(one: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _gradient(top: Colour, bottom: Colour) -> Image.Image:
    ramp = Image.linear_gradient("L").resize((WIDTH, HEIGHT))
    return Image.composite(Image.new("RGB", ramp.size, bottom), Image.new("RGB", ramp.size, top), ramp)


def _glow(picture: Image.Image, centre: Point, radius: float, colour: Colour, strength: float) -> None:
    """Light that fades from a centre."""
    edge = round(radius * 2)
    nearness = [max(0.0, 1 - value / _GRADIENT_AT_EDGE) for value in range(256)]
    table = [round(255 * strength * near * near * (3 - 2 * near)) for near in nearness]
    mask = Image.radial_gradient("L").resize((edge, edge)).point(table)
    picture.paste(colour, (round(centre[0] - radius), round(centre[1] - radius)), mask)


def _disc(picture: Image.Image, centre: Point, radius: float, colour: Colour, strength: float = 1) -> None:
    edge = round(radius * 2)
    mask = Image.new("L", (edge * _SMOOTHING, edge * _SMOOTHING))
    ImageDraw.Draw(mask).ellipse((0, 0, mask.width - 1, mask.height - 1), fill=round(255 * strength))
    picture.paste(colour, (round(centre[0] - radius), round(centre[1] - radius)), mask.resize((edge, edge)))


def _fill(picture: Image.Image, outline: list[Point], colour: Colour, strength: float) -> None:
    """A polygon, so much of it as `strength` (0 to 1) says."""
    left, top = (math.floor(max(0, min(point[axis] for point in outline))) for axis in (0, 1))
    right = math.ceil(min(WIDTH, max(x for x, _ in outline)))
    bottom = math.ceil(min(HEIGHT, max(y for _, y in outline)))
    if right <= left or bottom <= top:
        return
    mask = Image.new("L", ((right - left) * _SMOOTHING, (bottom - top) * _SMOOTHING))
    corners = [((x - left) * _SMOOTHING, (y - top) * _SMOOTHING) for x, y in outline]
    ImageDraw.Draw(mask).polygon(corners, fill=round(255 * strength))
    picture.paste(colour, (left, top), mask.resize((right - left, bottom - top)))


def _hills(picture: Image.Image, palette: list[Colour], chance: Random) -> None:
    """A low sun behind ridges that grow darker as they come nearer."""
    sun = (chance.uniform(120, 390), chance.uniform(220, 360))
    _glow(picture, sun, 340, palette[4], 0.8)
    _disc(picture, sun, chance.uniform(38, 70), palette[3])
    for ridge in range(6):
        base = 360 + 75 * ridge
        waves = [(chance.uniform(12, 46), chance.uniform(0.004, 0.016), chance.uniform(0, 6.3)) for _ in range(3)]
        outline = [(x, base - sum(high * math.sin(x * fast + at) for high, fast, at in waves)) for x in _ACROSS]
        _fill(picture, [*outline, (WIDTH + 8, HEIGHT), (-8, HEIGHT)], _blend(palette[1], palette[0], ridge / 5), 0.86)


def _orbs(picture: Image.Image, palette: list[Colour], chance: Random) -> None:
    """Soft lights of many sizes, out of focus."""
    for number in range(16):
        centre = (chance.uniform(0, WIDTH), chance.uniform(0, HEIGHT))
        radius = chance.uniform(60, 250) if number < 6 else chance.uniform(14, 70)
        _glow(picture, centre, radius, chance.choice(palette[1:]), chance.uniform(0.4, 0.85))
    for _ in range(5):
        centre = (chance.uniform(60, WIDTH - 60), chance.uniform(80, HEIGHT - 80))
        _disc(picture, centre, chance.uniform(18, 78), palette[4], 0.32)


def _ribbons(picture: Image.Image, palette: list[Colour], chance: Random) -> None:
    """Bands that swing from side to side, as northern lights do."""
    _glow(picture, (chance.uniform(100, 400), 120), 420, palette[2], 0.7)
    for ribbon in range(9):
        high, fast, at = chance.uniform(40, 130), chance.uniform(0.006, 0.012), chance.uniform(0, 6.3)
        base, thick = 90 + ribbon * 75, chance.uniform(16, 60)
        upper = [(x, base + high * math.sin(x * fast + at)) for x in _ACROSS]
        lower = [(x, y + thick * (1.2 + math.sin(x * fast * 1.7 + at))) for x, y in reversed(upper)]
        _fill(picture, [*upper, *lower], chance.choice(palette[1:]), chance.uniform(0.35, 0.75))


def _rays(picture: Image.Image, palette: list[Colour], chance: Random) -> None:
    """Light from one point, in a fan of paper."""
    centre = (chance.uniform(150, 360), chance.uniform(200, 520))
    count, turn = chance.randint(14, 26), chance.random()
    for ray in range(count):
        angles = (2 * math.pi * (ray + turn + step) / count for step in (0, 1))
        corners = [(centre[0] + 1000 * math.cos(angle), centre[1] + 1000 * math.sin(angle)) for angle in angles]
        _fill(picture, [centre, *corners], palette[1 + ray % 3], 0.34 if ray % 2 else 0.6)
    _glow(picture, centre, 300, palette[4], 0.85)
    _disc(picture, centre, chance.uniform(44, 96), palette[3])


def _petals(picture: Image.Image, palette: list[Colour], chance: Random) -> None:
    """Rings of leaves around one centre."""
    centre = (WIDTH / 2 + chance.uniform(-60, 60), HEIGHT / 2 + chance.uniform(-90, 90))
    _glow(picture, centre, 400, palette[1], 0.7)
    for ring in range(4):
        count, colour = 7 + 3 * ring, _blend(palette[2], palette[3 + ring % 2], ring / 3)
        for leaf in range(count):
            _fill(picture, _leaf(centre, 2 * math.pi * (leaf + ring * 0.5) / count, 330 - 74 * ring), colour, 0.5)
    _disc(picture, centre, 30, palette[4])


def _leaf(centre: Point, angle: float, reach: float) -> list[Point]:
    upper = [(reach * step / 12, reach * 0.17 * math.sin(math.pi * step / 12)) for step in range(13)]
    outline = upper + [(x, -y) for x, y in reversed(upper)]
    turn, lean = math.cos(angle), math.sin(angle)
    return [(centre[0] + x * turn - y * lean, centre[1] + x * lean + y * turn) for x, y in outline]


def _tiles(picture: Image.Image, palette: list[Colour], chance: Random) -> None:
    """Triangles in the light, like cut glass."""
    edge = chance.choice((64.0, 86.0, 128.0))
    for row in range(math.ceil(HEIGHT / edge)):
        for column in range(-1, math.ceil(WIDTH / edge)):
            x, y = (column + row % 2 / 2) * edge, row * edge
            upright: list[Point] = [(x, y + edge), (x + edge, y + edge), (x + edge / 2, y)]
            hanging: list[Point] = [(x + edge / 2, y), (x + edge * 1.5, y), (x + edge, y + edge)]
            for triangle in (upright, hanging):
                _fill(picture, triangle, chance.choice(palette), chance.uniform(0.1, 0.55))
    _glow(picture, (chance.uniform(80, 430), chance.uniform(80, 300)), 420, palette[4], 0.6)


_ACROSS = [float(x) for x in range(-8, WIDTH + 9, 8)]
_Motif = Callable[[Image.Image, list[Colour], Random], None]
_MOTIFS: tuple[_Motif, ...] = (_hills, _orbs, _ribbons, _rays, _petals, _tiles)


def _finish(picture: Image.Image) -> Image.Image:
    """A little bloom and darker corners."""
    bloom = picture.resize((WIDTH // 8, HEIGHT // 8)).filter(ImageFilter.GaussianBlur(2)).resize(picture.size)
    picture = Image.blend(picture, ImageChops.screen(picture, bloom), 0.22)
    table = [round(max(0, value - 110) * 0.7) for value in range(256)]
    corners = Image.radial_gradient("L").resize(picture.size).point(table)
    return Image.composite(Image.new("RGB", picture.size, (8, 8, 16)), picture, corners)
