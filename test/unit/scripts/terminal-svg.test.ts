import { describe, expect, it } from "vitest";
import { excerpt, renderTerminal } from "../../../scripts/terminal-svg.ts";

describe("excerpt", () => {
  it("keeps the beginning and the end, and marks what it leaves out", () => {
    expect(excerpt("a\nb\nc\nd\ne", 1, 2)).toBe("a\n   ⋮\nd\ne");
  });

  it("leaves a short text alone", () => {
    expect(excerpt("a\nb\nc\nd", 1, 2)).toBe("a\nb\nc\nd");
  });
});

describe("renderTerminal", () => {
  it("escapes what SVG would read as markup", () => {
    const picture = renderTerminal("<script>a && b</script>", "a < b");
    expect(picture).toContain(">&lt;script&gt;a &amp;&amp; b&lt;/script&gt;</text>");
    expect(picture).toContain("<title>a &lt; b</title>");
  });

  it("gives each line a width by its characters, and its indentation as a position", () => {
    expect(renderTerminal("  ab", "t")).toContain('<text x="32.8" y="30" textLength="16.8"');
  });

  it("cuts long lines at 100 characters", () => {
    expect(renderTerminal("x".repeat(101), "t")).toContain(`>${"x".repeat(99)}…</text>`);
    expect(renderTerminal("x".repeat(100), "t")).toContain(`>${"x".repeat(100)}</text>`);
  });

  it("colours lines by their marks, and draws nothing for empty ones", () => {
    const picture = renderTerminal("✓ done\n\n✗ failed\nplain", "t");
    expect(picture.match(/<text /g)).toHaveLength(3);
    expect(picture).toMatch(/fill="#7ee787">✓ done/);
    expect(picture).toMatch(/fill="#ff7b72">✗ failed/);
    expect(picture).toMatch(/xml:space="preserve">plain/);
  });
});
