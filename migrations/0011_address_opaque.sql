alter table opaque_tokens add column address text not null default ''; -- where its user called from, at login
create index opaque_tokens_by_idle_expiry on opaque_tokens (expires_at);
