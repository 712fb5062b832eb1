//! How long a stolen copy worked: what the server announced, and what the thief measured.

use leptos::prelude::*;

use super::{
    parts::{Head, table_section},
    report::{Column, Found, Thief},
    text::Text,
};
use crate::{calendar, locale::tr};

pub(super) fn delays(columns: &[Column]) -> impl IntoView + use<> {
    let measured: Vec<_> = columns
        .iter()
        .filter_map(|column| Some((column, column.thief.as_ref()?, column.thief.as_ref()?.found.as_ref()?)))
        .collect();
    if measured.is_empty() {
        return ().into_any();
    }
    let rows = measured.into_iter().map(|(column, thief, found)| {
        view! {
            <tr data-mode=column.mode.id.0>
                <th scope="row">{Text::of_mode(column.mode).shown()}</th>
                <td>{announced(thief)}</td>
                <td>{in_words(found)}</td>
                <td class="number">{found.requests}</td>
            </tr>
        }
    });
    table_section(
        "delays",
        tr("How long the copy worked", "복사본이 유효했던 기간"),
        tr(
            "Counted from the end of the sign-in. The server announces with each end the instant from which copies are refused. A \
             logout announces that of its own mode; an end of the account announces the latest of all modes. Retiring a key announces \
             nothing. A copy can expire before the announced instant.",
            "로그인이 끝난 때부터 셉니다. 서버는 로그인을 끝낼 때마다 복사본이 거부되기 시작하는 시각을 예고합니다. 로그아웃은 그 방식의 \
             시각을, 계정의 모든 로그인을 끝내는 동작은 모든 방식 중 가장 늦은 시각을 예고합니다. 키를 폐기할 때는 아무것도 예고하지 않습니다. 복사본은 예고된 \
             시각보다 먼저 만료될 수 있습니다.",
        ),
        [
            Head::Text(tr("Mode", "방식")),
            Head::Text(tr("Announced", "예고")),
            Head::Text(tr("Measured", "측정")),
            Head::Number(tr("Requests", "요청")),
        ],
        rows.collect_view(),
        (),
    )
    .into_any()
}

fn announced(thief: &Thief) -> String {
    let Some((end, refused_from)) = thief.end.and_then(|end| Some((end, end.refused_from?))) else {
        return tr("nothing", "없음").to_owned();
    };
    match refused_from - end.at {
        ..=0 => at_once().to_owned(),
        delay => {
            let span = calendar::span(delay);
            tr(format!("refused after {span}"), format!("{span} 뒤 거부"))
        }
    }
}

fn at_once() -> &'static str {
    tr("refused at once", "즉시 거부")
}

/// `worked for 5 min, then refused (expired)`
pub(super) fn in_words(found: &Found) -> String {
    let reason = found.reason.as_ref().map(|reason| format!(" ({reason})")).unwrap_or_default();
    let Some(refused_at) = found.refused_at else {
        return tr("still worked when the measurement ended", "측정이 끝났을 때도 유효함").to_owned();
    };
    let delay = refused_at - found.from;
    let span = calendar::span(delay);
    match (delay, refused_at == found.began) {
        (..=0, _) => format!("{}{reason}", at_once()),
        (_, false) => {
            tr(format!("worked for {span}, then refused{reason}"), format!("{span} 동안 유효하다가 거부{reason}"))
        }
        // No request came in between.
        (_, true) => tr(
            format!("refused when first used, after {span}{reason}"),
            format!("{span} 뒤 처음 사용했을 때 거부{reason}"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_measured_delay_is_told_in_words() {
        let of =
            |began, refused_at| Found { from: 100, began, refused_at, requests: 1, reason: Some("logout".to_owned()) };
        assert_eq!(in_words(&of(100, Some(100))), "refused at once (logout)");
        assert_eq!(in_words(&of(100, Some(400))), "worked for 5 min, then refused (logout)");
        assert_eq!(in_words(&of(400, Some(400))), "refused when first used, after 5 min (logout)");
        assert_eq!(in_words(&of(100, None)), "still worked when the measurement ended");
    }
}
