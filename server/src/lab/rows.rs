//! What the server remembers about one sign-in: its rows, and those of its account.

use app::lab::{Rows, Value};
use auth::{ModeInfo, Table};

use super::mask;

/// Columns with a value that only the server needs. It is a hash: the page shows its beginning.
const MASKED: [&str; 2] = ["hash", "previous_used_by"];
/// The columns of the account that decide whether a credential is accepted.
const ACCOUNT: [&str; 4] = ["id", "epoch", "epoch_reason", "disabled_at"];

/// The rows of the latest sign-in of this mode. Values that differ from `before` are marked.
pub fn of(mode: &ModeInfo, tables: &[Table], before: &[Rows]) -> Vec<Rows> {
    let sign_in = latest_sign_in(mode, tables);
    let belongs = |table: &Table, row: &[Option<String>]| {
        let is = |column: &str, value: &str| cell(table, row, column) == Some(value);
        match table.name.as_str() {
            "users" => true,
            "sign_ins" => sign_in.is_some_and(|id| is("id", id)),
            _ if has(table, "sign_in_id") => sign_in.is_some_and(|id| is("sign_in_id", id)),
            // The counter of a mode without rows per sign-in.
            _ => !mode.remembers && has(table, "user_id") && has(table, "epoch") && !has(table, "mode"),
        }
    };
    let shown = |table: &Table| {
        let columns: Vec<usize> = (0..table.columns.len())
            .filter(|column| table.name != "users" || ACCOUNT.contains(&table.columns[*column].as_str()))
            .collect();
        let rows: Vec<_> = table.rows.iter().filter(|row| belongs(table, row)).collect();
        let old = before.iter().find(|old| old.table == table.name);
        let rows = rows.iter().enumerate().map(|(position, row)| {
            let value = |(place, column): (usize, &usize)| {
                let name = table.columns[*column].as_str();
                let text = row[*column].as_deref().map(|text| shown_text(name, text));
                let old = old.and_then(|old| old.rows.get(position)?.get(place));
                Value { changed: old.is_none_or(|old| old.text != text), text }
            };
            columns.iter().enumerate().map(value).collect()
        });
        Rows {
            table: table.name.clone(),
            columns: columns.iter().map(|column| table.columns[*column].clone()).collect(),
            rows: rows.collect(),
        }
    };
    let mut found: Vec<_> = tables.iter().map(shown).filter(|rows| !rows.rows.is_empty()).collect();
    // The account last: it is the same in every mode.
    found.sort_by_key(|rows| rows.table == "users");
    found
}

/// Ids are UUIDv7: the latest is the greatest.
fn latest_sign_in<'t>(mode: &ModeInfo, tables: &'t [Table]) -> Option<&'t str> {
    let table = tables.iter().find(|table| table.name == "sign_ins")?;
    let of_mode = table.rows.iter().filter(|row| cell(table, row, "mode") == Some(mode.id.0));
    of_mode.filter_map(|row| cell(table, row, "id")).max()
}

fn cell<'t>(table: &Table, row: &'t [Option<String>], column: &str) -> Option<&'t str> {
    let position = table.columns.iter().position(|name| name == column)?;
    row.get(position)?.as_deref()
}

fn has(table: &Table, column: &str) -> bool {
    table.columns.iter().any(|name| name == column)
}

fn shown_text(column: &str, text: &str) -> String {
    if MASKED.iter().any(|masked| column.contains(masked)) { mask::secret(text) } else { text.to_owned() }
}
