//! Unix seconds as text, in UTC. Implemented here because server and browser must print the same bytes: a browser's own
//! date functions follow its locale, and hydration would fail on the different text.

use crate::locale::tr;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
const DAYS_IN_400_YEARS: i64 = 146_097;
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// For the `datetime` attribute: `2026-03-01T18:42:07Z`.
pub(crate) fn machine(at: i64) -> String {
    let (year, month, day) = date(at);
    format!("{year:04}-{:02}-{day:02}T{}Z", month + 1, clock(at))
}

/// For people: `18:42:07 UTC`, with the date where it is not the day of `now`.
pub(crate) fn human(at: i64, now: i64) -> String {
    if at.div_euclid(DAY) == now.div_euclid(DAY) {
        return format!("{} UTC", clock(at));
    }
    let (year, month, day) = date(at);
    let time = clock(at);
    tr(format!("{day} {} {year}, {time} UTC", MONTHS[month]), format!("{year}년 {}월 {day}일 {time} UTC", month + 1))
}

/// A duration in its two largest units: `29 min 41 s`, or `30 min` without the rest.
pub(crate) fn span(seconds: i64) -> String {
    let seconds = seconds.max(0);
    let [second, minute, hour, day] = tr([" s", " min", " h", " d"], ["초", "분", "시간", "일"]);
    let (large, its_name, small, small_name) = match seconds {
        0..MINUTE => return format!("{seconds}{second}"),
        MINUTE..HOUR => (MINUTE, minute, 1, second),
        HOUR..DAY => (HOUR, hour, MINUTE, minute),
        _ => (DAY, day, HOUR, hour),
    };
    match seconds % large / small {
        0 => format!("{}{its_name}", seconds / large),
        rest => format!("{}{its_name} {rest}{small_name}", seconds / large),
    }
}

fn clock(at: i64) -> String {
    let second = at.rem_euclid(DAY);
    format!("{:02}:{:02}:{:02}", second / HOUR, second % HOUR / MINUTE, second % MINUTE)
}

/// Year, month from 0, day from 1, in the Gregorian calendar.
fn date(at: i64) -> (i64, usize, i64) {
    let days = at.div_euclid(DAY);
    // The calendar repeats after 400 years, so the loop runs at most 400 times. An instant may come from a query, and a
    // large value must not make the server loop for long.
    let (mut year, mut day) = (1970 + 400 * days.div_euclid(DAYS_IN_400_YEARS), days.rem_euclid(DAYS_IN_400_YEARS));
    while day >= year_length(year) {
        day -= year_length(year);
        year += 1;
    }
    let february = year_length(year) - 337;
    for (month, length) in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31].into_iter().enumerate() {
        if day < length {
            return (year, month, day + 1);
        }
        day -= length;
    }
    unreachable!("the months of a year hold all its days")
}

fn year_length(year: i64) -> i64 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    365 + i64::from(leap)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_written_for_machines() {
        assert_eq!(machine(0), "1970-01-01T00:00:00Z");
        assert_eq!(machine(951_782_400), "2000-02-29T00:00:00Z");
        assert_eq!(machine(1_767_225_599), "2025-12-31T23:59:59Z");
        assert_eq!(machine(-1), "1969-12-31T23:59:59Z");
        assert_eq!(machine(-2_203_977_600), "1900-02-28T00:00:00Z");
        assert_eq!(machine(4_107_542_400), "2100-03-01T00:00:00Z");
    }

    #[test]
    fn the_farthest_instants_are_written_as_fast_as_any() {
        assert!(machine(i64::MAX).starts_with("292277026596-12-04T"));
        assert!(human(i64::MIN, 0).ends_with(" UTC"));
    }

    #[test]
    fn an_instant_of_today_needs_no_date() {
        assert_eq!(human(951_782_400 + 61, 951_782_400), "00:01:01 UTC");
        assert_eq!(human(951_782_400 - 1, 951_782_400), "28 Feb 2000, 23:59:59 UTC");
    }

    #[test]
    fn a_span_shows_its_two_largest_units() {
        assert_eq!(span(-5), "0 s");
        assert_eq!(span(59), "59 s");
        assert_eq!(span(1781), "29 min 41 s");
        assert_eq!(span(43_140), "11 h 59 min");
        assert_eq!(span(30 * DAY + HOUR), "30 d 1 h");
    }

    #[test]
    fn a_span_leaves_out_a_unit_that_is_zero() {
        assert_eq!(span(30 * MINUTE), "30 min");
        assert_eq!(span(12 * HOUR + 59), "12 h");
        assert_eq!(span(30 * DAY + 59 * MINUTE), "30 d");
    }
}
