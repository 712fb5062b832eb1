//! Several renewals of one credential.

use app::lab::{Person, Renewals};
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
    pub(super) async fn renew(&mut self, renewals: Renewals, mode: Option<&str>) -> Result<String, AuthError> {
        let (now, password) = (self.sandbox.auth.now(), PASSWORDS[self.state.password]);
        let (router, count) = (&self.sandbox.router, count(renewals));
        let mut took_part = Vec::new();
        for column in chosen(&mut self.state.columns, mode) {
            if column.log_in(router, password, now).await? != StatusCode::OK {
                continue;
            }
            took_part.push(column.info.name);
            match renewals {
                Renewals::Tabs => column.race(router, count, Keys::Shared, now).await?,
                Renewals::Programs | Renewals::Crowd => column.race(router, count, Keys::Separate, now).await?,
                Renewals::ThiefFirst => column.theft(router, Person::Thief, now).await?,
                Renewals::OwnerFirst => column.theft(router, Person::Owner, now).await?,
            }
        }
        Ok(match renewals {
            _ if took_part.is_empty() => "The login was refused.".to_owned(),
            Renewals::ThiefFirst | Renewals::OwnerFirst => {
                format!("The owner and the thief renewed the same credential: {}.", took_part.join(", "))
            }
            Renewals::Tabs | Renewals::Programs | Renewals::Crowd => {
                format!("{count} renewals of one credential were sent at once: {}.", took_part.join(", "))
            }
        })
    }
}
