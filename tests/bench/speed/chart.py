"""A bar chart of ratios as one SVG file without anything from outside."""
import math
from xml.sax.saxutils import escape

FASTER, SLOWER = "#0072b2", "#d55e00"  # told apart with any colour vision, and by the side that they lie on
LABELS, BARS, NOTES, ROW, TOP = 290, 360, 330, 26, 84


def ticks(low, high):
    """Powers of two that enclose the ratios."""
    return [2.0 ** e for e in range(math.floor(math.log2(low)), math.ceil(math.log2(high)) + 1)]


def words(x, y, text, size=13, anchor="start", colour="#222"):
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" fill="{colour}">{escape(text)}</text>'


def svg(title, note, bars):
    """bars: (label, ratio, what stands behind it). Logarithmic, so that twice and half as fast are as far from 1."""
    ratios = [ratio for _, ratio, _ in bars] + [1.0]
    scale = ticks(min(ratios + [.5]), max(ratios + [2]))
    low, span = math.log2(scale[0]), math.log2(scale[-1]) - math.log2(scale[0])

    def at(ratio):
        return LABELS + BARS * (math.log2(ratio) - low) / span
    height, bottom = TOP + ROW * len(bars) + 44, TOP + ROW * len(bars)
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{LABELS + BARS + NOTES}" height="{height}" font-family="sans-serif">',
             '<rect width="100%" height="100%" fill="#fff"/>', words(16, 28, title, 18), words(16, 50, note, 12, colour="#555")]
    step = max(1, math.ceil(len(scale) / 9))
    for tick in [t for t in scale if round(math.log2(t)) % step == 0]:
        parts.append(f'<path d="M{at(tick):.1f} {TOP - 8}V{bottom}" stroke="{"#222" if tick == 1 else "#ddd"}"/>')
        parts.append(words(at(tick), TOP - 14, f"{tick:g}x", 12, "middle", "#555"))
    for i, (label, ratio, behind) in enumerate(bars):
        y, left, right = TOP + ROW * i, min(at(1), at(ratio)), max(at(1), at(ratio))
        parts.append(f'<rect x="{left:.1f}" y="{y + 4}" width="{max(right - left, 1):.1f}" height="{ROW - 8}" '
                     f'fill="{FASTER if ratio >= 1 else SLOWER}"/>')
        parts.append(words(LABELS - 8, y + 17, label, anchor="end"))
        parts.append(words(LABELS + BARS + 10, y + 17, f"{ratio:.2f}x", colour=FASTER if ratio >= 1 else SLOWER))
        parts.append(words(LABELS + BARS + 70, y + 17, behind, 12, colour="#555"))
    parts.append(words(LABELS, bottom + 26, "right of 1: this library is faster, left: the peer is; each step doubles", 12, colour="#555"))
    return "\n".join(parts + ["</svg>"]) + "\n"
