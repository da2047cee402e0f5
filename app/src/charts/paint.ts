/**
 * Resolves CSS tokens to canvas colors for the current theme.
 * @module
 */

/** Resolves a token to a color in the theme of an element. */
function color(near: HTMLElement, token: string): string {
  const probe = document.createElement("i");
  probe.style.color = `var(${token})`;
  near.appendChild(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}

/** The diagonal pattern as a fill, in the series' color at a quarter of its opacity. */
function stripes(context: CanvasRenderingContext2D, wash: string, line: string): CanvasPattern | string {
  const tile = document.createElement("canvas");
  tile.width = 6;
  tile.height = 6;
  const pen = tile.getContext("2d");
  if (!pen) return wash;
  pen.fillStyle = wash;
  pen.fillRect(0, 0, 6, 6);
  pen.strokeStyle = line;
  pen.lineWidth = 1.5;
  pen.beginPath();
  for (const shift of [-6, 0, 6]) {
    pen.moveTo(shift - 1, 7);
    pen.lineTo(shift + 7, -1);
  }
  pen.stroke();
  return context.createPattern(tile, "repeat") ?? wash;
}

/** Colors, fill and font of a chart in the current theme. */
export function paintOf(canvas: HTMLCanvasElement) {
  const holder = canvas.parentElement ?? document.body;
  const context = canvas.getContext("2d");
  return {
    line: color(holder, "--series-1"),
    soft: color(holder, "--text-muted"),
    hairline: color(holder, "--border"),
    panel: color(holder, "--surface"),
    fill: context
      ? stripes(context, color(holder, "--primary-subtle"), color(holder, "--primary-soft"))
      : "transparent",
    font: { family: getComputedStyle(holder).fontFamily, size: 12 },
  };
}

export type Paint = ReturnType<typeof paintOf>;
