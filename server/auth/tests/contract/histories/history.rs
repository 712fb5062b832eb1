//! The history so far, and the invariants after each call.

use std::collections::HashSet;

use auth::{
    AuthError, Issued, ModeId, Refusal, Revocation, Seconds, SignInId, Timestamp, UserId,
    testing::{PASSWORD, World, present, with_key},
};
use http::request::Parts;
use proptest::sample::Index;

use super::Call;
use crate::is_signed_in;

/// A credential that a client has received.
struct IssuedCredential {
    mode: ModeId,
    req: Parts,
    sign_in: Option<SignInId>,
    absolute_end: Timestamp,
}

pub struct History<'w> {
    world: &'w World,
    alice: UserId,
    credentials: Vec<IssuedCredential>,
    /// Credentials with a revocation `AtExpiry`, and its instant.
    announced: Vec<(usize, Timestamp)>,
}

impl<'w> History<'w> {
    pub fn new(world: &'w World, alice: UserId) -> Self {
        Self { world, alice, credentials: Vec::new(), announced: Vec::new() }
    }

    fn add(&mut self, mode: ModeId, issued: &Issued, absolute_end: Timestamp) {
        assert_eq!(issued.lifetime.absolute_expires_at, absolute_end, "{mode}: the absolute end moved");
        // Each client sends the same `Idempotency-Key` with all of its requests.
        let key = format!("the key of client {:08}", self.credentials.len());
        let req = with_key(&present(issued), &key);
        self.credentials.push(IssuedCredential { mode, req, sign_in: issued.sign_in.clone(), absolute_end });
    }

    /// The live sign-ins of the account.
    async fn live(&self) -> HashSet<SignInId> {
        let listed = self.world.auth.sign_ins_of(&self.alice, None).await.unwrap();
        listed.into_iter().map(|sign_in| sign_in.id).collect()
    }

    async fn assert_dead(&self, credential: &IssuedCredential, why: &str) {
        assert!(
            !is_signed_in(self.world, credential.mode, &credential.req).await,
            "{}: recognised after {why}",
            credential.mode
        );
        let rotated = self.world.auth.rotate(credential.mode.0, &credential.req).await;
        assert!(rotated.is_err(), "{}: rotated after {why}", credential.mode);
    }

    async fn assert_all_dead(&self, why: &str) {
        for credential in &self.credentials {
            self.assert_dead(credential, why).await;
        }
    }

    /// Checks that every copy of the ended credentials stops working at the announced instant.
    async fn assert_as_announced(&mut self, ended: &[usize], revocation: Revocation, why: &str) {
        match revocation {
            Revocation::Immediate => {
                for number in ended {
                    let credential = &self.credentials[*number];
                    assert!(
                        !is_signed_in(self.world, credential.mode, &credential.req).await,
                        "{}: alive after {why}",
                        credential.mode
                    );
                }
            }
            Revocation::AtExpiry(until) => self.announced.extend(ended.iter().map(|number| (*number, until))),
            Revocation::Unreadable => panic!("{why}: a genuine credential is unreadable"),
        }
    }

    /// The credentials of one sign-in. In a mode without rows, the presented one only.
    fn of_sign_in(&self, shown: usize) -> Vec<usize> {
        let same = |credential: &IssuedCredential| {
            credential.sign_in.is_some() && credential.sign_in == self.credentials[shown].sign_in
        };
        (0..self.credentials.len()).filter(|number| *number == shown || same(&self.credentials[*number])).collect()
    }

    pub async fn make(&mut self, call: &Call) {
        let before = self.live().await;
        let chosen = |index: &Index| (!self.credentials.is_empty()).then(|| index.index(self.credentials.len()));
        match call {
            Call::Wait(seconds) => self.world.clock.advance(Seconds(*seconds)),
            Call::Expire => {
                self.world.auth.expire(&self.alice).await.unwrap();
                self.assert_all_dead("an expiry").await;
            }
            Call::Login(index) => return self.log_in(index).await,
            Call::Use(index) => {
                let Some(number) = chosen(index) else { return };
                self.use_it(number).await;
            }
            Call::Rotate(index) => {
                let Some(number) = chosen(index) else { return };
                self.rotate(number).await;
            }
            Call::Logout(index) => {
                let Some(number) = chosen(index) else { return };
                self.log_out(number).await;
            }
            Call::LogoutAll(index) => {
                let Some(number) = chosen(index) else { return };
                self.log_out_all(number).await;
            }
            Call::LogoutEverywhere(index) => {
                let Some(number) = chosen(index) else { return };
                let (mode, req, _) = self.copy(number);
                if let Ok(ended) = self.world.auth.logout_everywhere(mode.0, &req).await {
                    assert_eq!(ended.revocation, Revocation::Immediate);
                    self.assert_all_dead("logging out everywhere").await;
                }
            }
            Call::EndOthers(index, right) => {
                let Some(number) = chosen(index) else { return };
                self.end_others(number, *right).await;
            }
            Call::EndListed(index, other) => {
                let Some(number) = chosen(index) else { return };
                let all: Vec<_> = before.iter().cloned().collect();
                if !all.is_empty() {
                    self.end_listed(number, &all[other.index(all.len())]).await;
                }
            }
        }
        let after = self.live().await;
        assert!(after.is_subset(&before), "a sign-in began without a password: {call:?}");
    }

    async fn log_in(&mut self, index: &Index) {
        let modes = self.world.modes();
        let mode = modes[index.index(modes.len())];
        let user = self.world.auth.find_user("alice").await.unwrap().unwrap();
        let issued = self.world.begin_as(mode, user).await.unwrap();
        self.add(mode, &issued, issued.lifetime.absolute_expires_at);
    }

    async fn use_it(&mut self, number: usize) {
        let (mode, req, _) = self.copy(number);
        let later = self.world.used(&req).await;
        _ = is_signed_in(self.world, mode, &later).await;
        self.credentials[number].req = later;
    }

    async fn rotate(&mut self, number: usize) {
        let (mode, req, end) = self.copy(number);
        match self.world.auth.rotate(mode.0, &req).await {
            Ok(issued) => self.add(mode, &issued, end),
            Err(AuthError::Refused(Refusal::Replayed(_))) => {
                self.assert_not_rotated(&self.of_sign_in(number), "a replay").await;
            }
            Err(AuthError::Refused(_)) => {}
            Err(error) => panic!("{mode}: {error}"),
        }
    }

    async fn log_out(&mut self, number: usize) {
        let (mode, req, _) = self.copy(number);
        let ended = self.world.auth.logout(mode.0, &req).await.unwrap();
        let ending = self.of_sign_in(number);
        if self.world.auth.mode(mode.0).unwrap().remembers {
            // Includes credentials that were replaced before.
            self.assert_not_rotated(&ending, "a logout").await;
        }
        self.assert_as_announced(&ending, ended.revocation, "a logout").await;
    }

    async fn log_out_all(&mut self, number: usize) {
        let (mode, req, _) = self.copy(number);
        let Ok(ended) = self.world.auth.logout_all(mode.0, &req).await else { return };
        let ending: Vec<_> =
            (0..self.credentials.len()).filter(|number| self.credentials[*number].mode == mode).collect();
        self.assert_not_rotated(&ending, "logout-all").await;
        self.assert_as_announced(&ending, ended.revocation, "logout-all").await;
    }

    async fn end_others(&mut self, number: usize, right: bool) {
        let (mode, req, end) = self.copy(number);
        let password = if right { PASSWORD } else { "not her password" };
        let before = self.live().await;
        let carried = match self.world.auth.end_others(mode.0, password, &req).await {
            Ok(carried) => carried,
            Err(AuthError::WrongPassword) => return assert!(!right),
            Err(AuthError::Refused(_)) => return,
            // The caller's own rotation has just replaced the token, and the grace is not over.
            Err(AuthError::Conflict) => return assert_eq!(self.live().await, before, "{mode}: half of an end"),
            Err(error) => panic!("{mode}: {error}"),
        };
        assert!(right, "{mode}: without the password");
        let own = self.of_sign_in(number);
        for (number, credential) in self.credentials.iter().enumerate() {
            // Rotating a copy of the caller's own credential would be a replay, and would end the surviving sign-in.
            if own.contains(&number) {
                assert!(!is_signed_in(self.world, credential.mode, &credential.req).await, "{mode}: a copy lives");
            } else {
                self.assert_dead(credential, "the end of all others").await;
            }
        }
        self.add(mode, &carried.issued, end);
        let credential = self.credentials.last().unwrap();
        assert!(is_signed_in(self.world, mode, &credential.req).await, "{mode}: the caller was signed out");
    }

    async fn end_listed(&mut self, number: usize, id: &SignInId) {
        let (mode, req, _) = self.copy(number);
        if self.world.auth.end_sign_in(mode.0, id.as_str(), Some(PASSWORD), &req).await.is_ok() {
            let ended = |number: &usize| self.credentials[*number].sign_in.as_ref() == Some(id);
            let ended: Vec<_> = (0..self.credentials.len()).filter(ended).collect();
            self.assert_not_rotated(&ended, "its end from the list").await;
        }
    }

    async fn assert_not_rotated(&self, numbers: &[usize], why: &str) {
        for credential in numbers.iter().map(|number| &self.credentials[*number]) {
            let rotated = self.world.auth.rotate(credential.mode.0, &credential.req).await;
            assert!(rotated.is_err(), "{}: rotated after {why}", credential.mode);
        }
    }

    fn copy(&self, number: usize) -> (ModeId, Parts, Timestamp) {
        let credential = &self.credentials[number];
        (credential.mode, credential.req.clone(), credential.absolute_end)
    }

    /// Checks every announced revocation at its instant.
    pub async fn finish(mut self) {
        self.announced.sort_by_key(|(_, until)| *until);
        for (number, until) in &self.announced {
            let wait = until.since(self.world.auth.now());
            self.world.clock.advance(Seconds(wait.0.max(0)));
            let credential = &self.credentials[*number];
            assert!(
                !is_signed_in(self.world, credential.mode, &credential.req).await,
                "{}: alive after {until:?}",
                credential.mode
            );
        }
    }
}
