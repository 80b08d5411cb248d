//! A terminal window as SVG: real text that can be selected, no scripts, its own background on any page.

use std::fmt::Write;

/// A line on the terminal.
pub(super) enum Line {
    /// What a person typed, with the prompt
    Prompt(String),
    /// What a program said
    Output(String),
}

const COLUMNS: usize = 118;
// Monospaced fonts are close to 0.6 em wide; `textLength` fits the others in.
const FONT_SIZE: usize = 14;
const LETTER_WIDTH_TENTHS: usize = 84;
const LINE_HEIGHT: usize = 19;
const MARGIN: usize = 20;
const TITLE_BAR: usize = 36;

/// Draws `lines`, folded at the terminal's width as a terminal folds them.
pub(super) fn draw(title: &str, lines: &[Line]) -> String {
    let rows: Vec<_> = lines.iter().flat_map(fold).collect();
    let width = 2 * MARGIN + COLUMNS * LETTER_WIDTH_TENTHS / 10;
    let height = TITLE_BAR + 2 * MARGIN + rows.len().saturating_sub(1) * LINE_HEIGHT;
    let mut svg = format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img" aria-labelledby="title">
<title id="title">{title}</title>
<style>
text {{ font: {FONT_SIZE}px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; fill: #d0d7de; white-space: pre }}
.typed {{ fill: #ffffff; font-weight: 600 }}
.prompt {{ fill: #7ee787; font-weight: 600 }}
</style>
<rect x="0.5" y="0.5" width="{}" height="{}" rx="10" fill="#161b22" stroke="#57606a"/>
<circle cx="22" cy="19" r="6" fill="#ff5f57"/>
<circle cx="42" cy="19" r="6" fill="#febc2e"/>
<circle cx="62" cy="19" r="6" fill="#28c840"/>
"##,
        width - 1,
        height - 1,
        title = escape(title),
    );
    for (at, row) in rows.iter().enumerate() {
        if !row.text.is_empty() {
            row.draw(TITLE_BAR + MARGIN + at * LINE_HEIGHT, &mut svg);
        }
    }
    svg.push_str("</svg>\n");
    svg
}

struct Row {
    text: String,
    typed: bool,
}

fn fold(line: &Line) -> Vec<Row> {
    let (text, typed) = match line {
        Line::Prompt(text) => (text, true),
        Line::Output(text) => (text, false),
    };
    let letters: Vec<_> = text.trim_end().chars().collect();
    if letters.is_empty() {
        return vec![Row { text: String::new(), typed }];
    }
    letters.chunks(COLUMNS).map(|row| Row { text: row.iter().collect(), typed }).collect()
}

impl Row {
    fn draw(&self, y: usize, svg: &mut String) {
        let tenths = self.text.chars().count() * LETTER_WIDTH_TENTHS;
        let text = match self.text.strip_prefix("$ ") {
            Some(command) if self.typed => format!("<tspan class=\"prompt\">$ </tspan>{}", escape(command)),
            _ => escape(&self.text),
        };
        let class = if self.typed { " class=\"typed\"" } else { "" };
        writeln!(
            svg,
            "<text{class} x=\"{MARGIN}\" y=\"{y}\" xml:space=\"preserve\" textLength=\"{}.{}\" \
             lengthAdjust=\"spacingAndGlyphs\">{text}</text>",
            tenths / 10,
            tenths % 10,
        )
        .expect("a string takes all text");
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_folded_and_text_is_escaped() {
        let long = "&".repeat(COLUMNS + 1);
        let svg = draw("a & b", &[Line::Prompt("$ awsx <x>".into()), Line::Output(long)]);
        assert!(svg.contains("<tspan class=\"prompt\">$ </tspan>awsx &lt;x&gt;</text>"));
        assert_eq!(svg.matches("<text").count(), 3);
        assert!(svg.contains("<title id=\"title\">a &amp; b</title>"));
    }
}
