//! Writes the figures into docs/performance.md, and the picture beside it.

use std::{fmt::Write as _, fs};

use crate::{
    Result,
    bench::Row,
    machine::Machine,
    plot,
    sample::{Sample, ratio, summary},
};

const PAGE: &str = "docs/performance.md";
const PICTURE: &str = "performance.svg";

pub fn write(rows: &[Row], machine: &Machine) -> Result<()> {
    replace("bench", &figures(rows, machine)?)?;
    fs::write(format!("docs/{PICTURE}"), plot::svg(rows)?)?;
    eprintln!("wrote {PAGE} and docs/{PICTURE}");
    Ok(())
}

/// Writes the text between the two marks of this name in the page.
pub fn replace(name: &str, text: &str) -> Result<()> {
    let (begin, end) = (format!("<!-- {name}: begin -->\n"), format!("<!-- {name}: end -->\n"));
    let page = fs::read_to_string(PAGE)?;
    let (before, rest) = page.split_once(&begin).ok_or(format!("{PAGE} has no begin marker of {name}"))?;
    let (_, after) = rest.split_once(&end).ok_or(format!("{PAGE} has no end marker of {name}"))?;
    fs::write(PAGE, [before, &begin, text, &end, after].concat())?;
    Ok(())
}

fn figures(rows: &[Row], machine: &Machine) -> Result<String> {
    let mut text = String::from("\n| fact | value |\n|---|---|\n");
    for (name, value) in &machine.facts {
        writeln!(text, "| {name} | {value} |")?;
    }
    writeln!(text, "\n![Requests per second at {} connections]({PICTURE})", plot::CONNECTIONS)?;
    for database in distinct(rows.iter().map(|row| row.database)) {
        let of_database = || rows.iter().filter(|row| row.database == database);
        for connections in distinct(of_database().filter(|row| !row.limit.is_empty()).map(|row| row.connections)) {
            let plural = if connections == 1 { "" } else { "s" };
            writeln!(text, "\n### {database}, {connections} connection{plural}\n")?;
            let of_table = || of_database().filter(|row| row.connections == connections && !row.limit.is_empty());
            reads(&mut text, &by_request(of_table().collect()))?;
        }
        writeln!(text, "\n### {database}, sign-ins\n")?;
        changes(&mut text, &of_database().filter(|row| row.limit.is_empty()).collect::<Vec<_>>())?;
    }
    text.push('\n');
    Ok(text)
}

fn reads(text: &mut String, rows: &[&Row]) -> Result<()> {
    text.push_str(
        "| request | access check | requests/s | of the limit | p50 ms | p99 ms | CPU µs | bytes | failed |\n",
    );
    text.push_str("|---|---|--:|--:|--:|--:|--:|--:|--:|\n");
    let limit: Vec<_> = rows.iter().flat_map(|row| row.limit.iter().copied()).collect();
    let limit = summary(&limit);
    writeln!(text, "| the limit | | {} | 1 | {} |", grouped(limit.rate), cells(&limit))?;
    for row in rows {
        let (sample, ratio) = (summary(&row.ours), ratio(&row.ours, &row.limit));
        let check = row.check.map(|check| format!("`{check}`")).unwrap_or_default();
        let (rate, rest) = (grouped(sample.rate), cells(&sample));
        writeln!(text, "| `{}` | {check} | {rate} | {ratio:.2} | {rest} |", row.request)?;
    }
    Ok(())
}

fn changes(text: &mut String, rows: &[&Row]) -> Result<()> {
    text.push_str("| request | connections | requests/s | p50 ms | p99 ms | CPU µs | bytes | failed |\n");
    text.push_str("|---|--:|--:|--:|--:|--:|--:|--:|\n");
    for row in rows {
        let sample = summary(&row.ours);
        let (rate, rest) = (grouped(sample.rate), cells(&sample));
        writeln!(text, "| `{}` | {} | {rate} | {rest} |", row.request, row.connections)?;
    }
    Ok(())
}

/// The figures that every table has, after those that are its own.
fn cells(Sample { p50, p99, processor, bytes, failed, .. }: &Sample) -> String {
    let processor = processor.map(|micros| format!("{micros:.1}")).unwrap_or_default();
    format!("{p50:.2} | {p99:.2} | {processor} | {bytes:.0} | {failed:.0}")
}

/// The rows of one request beside each other, in the order of their first row: they differ in the access check.
pub fn by_request(rows: Vec<&Row>) -> Vec<&Row> {
    let requests = distinct(rows.iter().map(|row| &row.request));
    let mut sorted = rows;
    sorted.sort_by_key(|row| requests.iter().position(|request| **request == row.request));
    sorted
}

fn distinct<T: PartialEq>(values: impl Iterator<Item = T>) -> Vec<T> {
    values.fold(Vec::new(), |mut seen, value| {
        if !seen.contains(&value) {
            seen.push(value);
        }
        seen
    })
}

/// A whole number with a comma before each three digits.
pub fn grouped(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_grouped() {
        assert_eq!([7.0, 999.6, 61_900.0, 1_234_567.0].map(grouped), ["7", "1,000", "61,900", "1,234,567"]);
    }
}
