//! Several renewals of one credential.

use app::lab::{Person, Renewals, Text};
use auth::AuthError;
use http::StatusCode;

use super::{PASSWORDS, Turn, chosen};
use crate::lab::race::Keys;

/// The number of renewals in each mode.
pub(super) const fn count(renewals: Renewals) -> usize {
    match renewals {
        Renewals::Tabs | Renewals::Programs => 8,
        Renewals::Crowd => 64,
        Renewals::ThiefFirst | Renewals::OwnerFirst => 2,
    }
}

impl Turn<'_> {
    /// Begins with a new login, because a race may end the sign-in.
    pub(super) async fn renew(&mut self, renewals: Renewals, mode: Option<&str>) -> Result<Text, AuthError> {
        let (now, password) = (self.sandbox.auth.now(), PASSWORDS[self.state.password]);
        let (router, count) = (&self.sandbox.router, count(renewals));
        let mut took_part = Vec::new();
        for column in chosen(&mut self.state.columns, mode) {
            if column.log_in(router, password, now).await? != StatusCode::OK {
                continue;
            }
            took_part.push(Text::of_mode(column.info));
            match renewals {
                Renewals::Tabs => column.race(router, count, Keys::Shared, now).await?,
                Renewals::Programs | Renewals::Crowd => column.race(router, count, Keys::Separate, now).await?,
                Renewals::ThiefFirst => column.theft(router, Person::Thief, now).await?,
                Renewals::OwnerFirst => column.theft(router, Person::Owner, now).await?,
            }
        }
        let what = match renewals {
            _ if took_part.is_empty() => return Ok(Text::fixed("The login was refused.", "로그인이 거부되었습니다.")),
            Renewals::ThiefFirst | Renewals::OwnerFirst => Text::fixed(
                "The owner and the thief renewed the same credential",
                "소유자와 도둑이 같은 인증 정보를 갱신했습니다",
            ),
            Renewals::Tabs | Renewals::Programs | Renewals::Crowd => Text::new(
                format!("{count} renewals of one credential were sent at once"),
                format!("인증 정보 하나의 갱신 {count}개를 동시에 보냈습니다"),
            ),
        };
        Ok(Text::join(&[what, Text::join(&took_part, ", ")], ": "))
    }
}
