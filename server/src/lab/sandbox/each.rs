//! What each mode does by itself.

use app::lab::{Each, Text};
use auth::AuthError;
use http::StatusCode;

use super::{PASSWORDS, Turn, chosen};

/// Requests of [`Each::HundredMe`].
const MANY: usize = 100;

impl Turn<'_> {
    pub(super) async fn each(&mut self, each: Each, mode: Option<&str>) -> Result<Text, AuthError> {
        let now = self.sandbox.auth.now();
        let (router, password) = (&self.sandbox.router, PASSWORDS[self.state.password]);
        let mut said = Vec::new();
        for column in chosen(&mut self.state.columns, mode) {
            let answered = |status: Option<StatusCode>| match status {
                Some(status) => Text::new(status.as_u16().to_string(), status.as_u16().to_string()),
                None => Text::fixed("the thief has nothing", "도둑에게 아무것도 없음"),
            };
            let result = match each {
                Each::LogIn => answered(Some(column.log_in(router, password, now).await?)),
                Each::Me => answered(Some(column.me(router, now).await?)),
                Each::HundredMe => {
                    let mut last = StatusCode::OK;
                    for _ in 0..MANY {
                        last = column.me(router, now).await?;
                    }
                    answered(Some(last))
                }
                Each::Rotate => answered(Some(column.rotate(router, now).await?)),
                Each::LogOut => answered(Some(column.log_out(router, now).await?)),
                Each::ThiefMe => answered(column.thief_me(router, now).await?),
                Each::ThiefRotate => answered(column.thief_rotate(router, now).await?),
                Each::Steal => {
                    column.steal(now);
                    if column.thief.is_some() {
                        Text::fixed("copied", "복사함")
                    } else {
                        Text::fixed("there is nothing to steal", "훔칠 것이 없음")
                    }
                }
            };
            said.push(Text::join(&[Text::of_mode(column.info), result], ": "));
        }
        Ok(Text::join(&said, " · "))
    }
}
