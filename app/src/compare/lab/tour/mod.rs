//! A tour of the lab in ten steps, three situations in which the learner chooses a mode, and the terms with their
//! sources.

mod situations;
mod terms;

use auth::ModeInfo;
use leptos::prelude::*;

pub use situations::Answers;

use self::{situations::situations, terms::terms};
use super::text::Text;
use crate::{
    Locale,
    locale::tr,
    ssr::{Heading, document},
};

/// One step: what to do, and what to see.
struct Step {
    title: Text,
    act: Text,
    see: Text,
}

const STEPS: [Step; 10] = [
    Step {
        title: Text::fixed("Open a sandbox", "샌드박스 열기"),
        act: Text::fixed(
            "Open it with the default choices. Press “Log in” in the group “The owner”.",
            "기본 선택으로 여십시오. “소유자” 묶음에서 “로그인”을 누르십시오.",
        ),
        see: Text::fixed(
            "One column per mode. The same password gives another credential in each mode: compare what the browser holds.",
            "방식마다 열이 하나씩 있습니다. 같은 비밀번호로 방식마다 다른 인증 정보를 받습니다. 브라우저가 보관하는 것을 비교하십시오.",
        ),
    },
    Step {
        title: Text::fixed("Find the state", "상태 찾기"),
        act: Text::fixed("Read “The server holds” in each column.", "각 열에서 “서버가 보관하는 것”을 읽으십시오."),
        see: Text::fixed(
            "A mode with a row can end that row. A mode without one has nothing to end, except for all of its cookies at once.",
            "행이 있는 방식은 그 행을 끝낼 수 있습니다. 행이 없는 방식에는 하나씩 끝낼 것이 없습니다. 모든 쿠키를 한꺼번에 끝낼 수만 있습니다.",
        ),
    },
    Step {
        title: Text::fixed("Pay for a request", "요청의 비용 보기"),
        act: Text::fixed("Press “Open /me 100 times”.", "“/me 100번 열기”를 누르십시오."),
        see: Text::fixed(
            "The comparison shows statements, cryptographic operations and time. Every mode reads the account once: the access check \
              “account” is the default.",
            "비교에 SQL 문, 암호 연산, 시간이 나옵니다. 모든 방식이 계정을 한 번 읽습니다. 접근 검사의 기본값이 “account”이기 때문입니다.",
        ),
    },
    Step {
        title: Text::fixed("Save the read", "읽기 줄이기"),
        act: Text::fixed(
            "Begin again with the access check “signature”. Log in, and open /me 100 times.",
            "접근 검사를 “signature”로 하여 다시 시작하십시오. 로그인하고 /me를 100번 여십시오.",
        ),
        see: Text::fixed(
            "The modes whose credential contains the identity read nothing now. Remember what it saves, and see in step 6 what it \
              costs.",
            "인증 정보에 신원이 담긴 방식은 이제 아무것도 읽지 않습니다. 무엇이 절약되는지 기억하고, 그 대가를 6단계에서 보십시오.",
        ),
    },
    Step {
        title: Text::fixed("Rotate", "회전하기"),
        act: Text::fixed("Press “Rotate”.", "“회전”을 누르십시오."),
        see: Text::fixed(
            "The marked values are new. The date on which the sign-in ends at the latest is the same: no rotation moves it.",
            "표시된 값이 새 값입니다. 로그인의 최종 종료 시각은 그대로입니다. 회전은 그 시각을 옮기지 않습니다.",
        ),
    },
    Step {
        title: Text::fixed("Steal, and log out", "훔치고 로그아웃하기"),
        act: Text::fixed(
            "Log in, copy the credentials, log out, and let the thief ask until it is refused.",
            "로그인하고, 인증 정보를 복사하고, 로그아웃한 다음, 도둑이 거부될 때까지 요청하게 하십시오.",
        ),
        see: Text::fixed(
            "A credential that the server looks up stops at once. One that contains the identity works until it expires: for minutes, or \
              for hours. Compare the delay that the server announced with the one that the page measured.",
            "서버가 조회하는 인증 정보는 즉시 끝납니다. 신원이 담긴 인증 정보는 만료될 때까지 몇 분이나 몇 시간 동안 유효합니다. 서버가 예고한 기간과 이 페이지가 측정한 기간을 비교하십시오.",
        ),
    },
    Step {
        title: Text::fixed("Change the password", "비밀번호 바꾸기"),
        act: Text::fixed(
            "Begin again with the access check “account”. Log in, copy, change the password, and measure.",
            "접근 검사를 “account”로 하여 다시 시작하십시오. 로그인하고, 복사하고, 비밀번호를 변경하고, 측정하십시오.",
        ),
        see: Text::fixed(
            "Every copy is refused at once. The password raised the epoch of the account, and each mode compares it.",
            "모든 복사본이 즉시 거부됩니다. 비밀번호를 변경하면 계정의 에포크가 올라가고, 모든 방식이 에포크를 비교합니다.",
        ),
    },
    Step {
        title: Text::fixed("Renew twice", "두 번 갱신하기"),
        act: Text::fixed(
            "Let the thief renew first, then the owner. Begin again with the strict policy, and repeat it.",
            "도둑이 먼저, 그다음 소유자가 갱신하게 하십시오. 엄격한 정책으로 다시 시작하여 되풀이하십시오.",
        ),
        see: Text::fixed(
            "The second use of one refresh token shows the theft: neither side stays signed in. With other credentials, only the strict \
              policy finds out.",
            "리프레시 토큰 하나의 두 번째 사용으로 탈취가 드러납니다. 어느 쪽도 로그인된 채로 남지 않습니다. 다른 인증 정보에서는 엄격한 정책만 탈취를 알아냅니다.",
        ),
    },
    Step {
        title: Text::fixed("Attack", "공격하기"),
        act: Text::fixed("Open “Attacks, executed”.", "“실행해 본 공격”을 여십시오."),
        see: Text::fixed(
            "No mode is the safest. A cookie can be sent by another site, and a script cannot take it away. A token is the opposite.",
            "가장 안전한 방식은 없습니다. 쿠키는 다른 사이트가 보내게 할 수 있지만 스크립트가 가져갈 수 없습니다. 토큰은 그 반대입니다.",
        ),
    },
    Step {
        title: Text::fixed("Read the tutorials again", "튜토리얼 다시 읽기"),
        act: Text::fixed("Open “What tutorials claim, tested”.", "“튜토리얼의 주장 검증”을 여십시오."),
        see: Text::fixed(
            "Most statements are true under a condition that the text does not name.",
            "대부분의 문장은 글에 적혀 있지 않은 조건에서만 참입니다.",
        ),
    },
];

/// The document. `answers` are the modes that the learner chose.
#[must_use]
pub fn tour_page(options: &LeptosOptions, locale: Locale, modes: &[&'static ModeInfo], answers: &Answers) -> String {
    let heading = Heading { title: || tr("A tour of the lab", "실험실 둘러보기"), path: Some("/lab/tour") };
    document(options, locale, heading, || {
        let steps = STEPS.map(|Step { title, act, see }| {
            view! {
                <li>
                    <h3>{title.shown()}</h3>
                    <p>{act.shown()}</p>
                    <p class="text-muted">{see.shown()}</p>
                </li>
            }
        });
        view! {
            <p class="mt-4 max-w-3xl text-lg text-muted text-pretty">
                {tr(
                    "Twenty minutes. Keep this page open, and do the steps in ",
                    "20분이 걸립니다. 이 페이지를 열어 두고, 단계는 두 번째 탭의 ",
                )}
                <a class="link" href="/lab" target="_blank">{tr("the lab", "실험실")}</a>
                {tr(
                    " in a second tab. Afterwards, choose a mode for three situations.",
                    "에서 하십시오. 끝나면 세 가지 상황에 맞는 방식을 고르십시오.",
                )}
            </p>
            <section class="block-section" aria-labelledby="steps">
                <h2 id="steps" class="section-title">{tr("Ten steps", "열 단계")}</h2>
                <ol class="lab-tour">{steps.collect_view()}</ol>
            </section>
            {situations(modes, answers)}
            {terms()}
        }
        .into_any()
    })
}
