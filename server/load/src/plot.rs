//! A bar for each request, as SVG.

use std::fmt::Write as _;

use crate::{
    Result,
    bench::Row,
    report::{by_request, grouped},
    sample::summary,
};

/// The picture shows the rows with this number of connections.
pub const CONNECTIONS: u32 = 32;

const WIDTH: f64 = 720.0;
const LINE: f64 = 22.0;
/// Where bars begin: labels stand before them.
const BARS: f64 = 300.0;
/// The length of the longest bar: its figure stands after it.
const LONGEST: f64 = 350.0;

/// One grey for text and two colours for bars, each readable on white and on black: an image does not know the colour
/// scheme of the page.
pub fn svg(rows: &[Row]) -> Result<String> {
    let rows = rows.iter().filter(|row| row.connections == CONNECTIONS && !row.limit.is_empty());
    let rows = by_request(rows.collect());
    let limit: Vec<_> = rows.iter().flat_map(|row| row.limit.iter().copied()).collect();
    let limit = summary(&limit).rate;
    let first = rows.first().map(|row| row.database);
    let bars = rows.iter().map(|row| {
        let check = row.check.map(|check| format!(", {check}")).unwrap_or_default();
        let colour = if Some(row.database) == first { "#2f81f7" } else { "#d9822b" };
        (format!("{}: {}{check}", row.database, row.request), summary(&row.ours).rate, colour)
    });
    let bars: Vec<_> = [("the limit".to_owned(), limit, "#808080")].into_iter().chain(bars).collect();
    let longest = bars.iter().map(|(_, rate, _)| *rate).fold(1.0, f64::max);

    let mut lines = String::new();
    let mut y = 0.0;
    for (label, rate, colour) in bars {
        let (length, middle, figure) = (LONGEST * rate / longest, y + LINE / 2.0, grouped(rate));
        write!(
            lines,
            r#"<text x="{}" y="{middle}" dy=".35em" text-anchor="end">{label}</text>
<rect x="{BARS}" y="{}" width="{length:.1}" height="{}" rx="2" fill="{colour}"/>
<text x="{:.1}" y="{middle}" dy=".35em">{figure}</text>
"#,
            BARS - 8.0,
            y + 3.0,
            LINE - 6.0,
            BARS + length + 6.0,
        )?;
        y += LINE;
    }
    Ok(format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y}" width="{WIDTH}" height="{y}" role="img" font-family="sans-serif" font-size="12" fill="#808080">
<title>Requests per second at {CONNECTIONS} connections</title>
{lines}</svg>
"##
    ))
}
