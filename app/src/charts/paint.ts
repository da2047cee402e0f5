/**
 * The tokens as a canvas needs them: resolved to colours, for the light or dark that is around it.
 * @module
 */

/** A token's colour as the canvas needs it: resolved, for the element's own light or dark. */
function colour(near: HTMLElement, token: string): string {
  const probe = document.createElement("i");
  probe.style.color = `var(${token})`;
  near.appendChild(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}

/** The weave as a fill: a twill of the series' colour, a quarter as strong. */
function twill(context: CanvasRenderingContext2D, wash: string, line: string): CanvasPattern | string {
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

/** Every colour, fill and font of a chart, as they are around its canvas now. */
export function paintOf(canvas: HTMLCanvasElement) {
  const holder = canvas.parentElement ?? document.body;
  const context = canvas.getContext("2d");
  return {
    line: colour(holder, "--series-1"),
    soft: colour(holder, "--text-muted"),
    hairline: colour(holder, "--border"),
    panel: colour(holder, "--surface"),
    fill: context
      ? twill(context, colour(holder, "--primary-subtle"), colour(holder, "--primary-soft"))
      : "transparent",
    font: { family: getComputedStyle(holder).fontFamily, size: 12 },
  };
}

export type Paint = ReturnType<typeof paintOf>;
