alter table jwt_families add column address text not null default ''; -- where its user called from, at login
create index jwt_families_by_idle_expiry on jwt_families (idle_expires_at);

-- With the denylist switched on: the access tokens that are not expired. One that is denied is refused.
create table jwt_access_tokens (
    jti        text   primary key,
    family_id  text   references jwt_families (id) on delete cascade, -- null: a sliding token, which has none
    user_id    text   not null references users (id) on delete cascade,
    expires_at bigint not null,
    denied_at  bigint
);
create index jwt_access_tokens_by_family on jwt_access_tokens (family_id);
create index jwt_access_tokens_by_user on jwt_access_tokens (user_id);
create index jwt_access_tokens_by_expiry on jwt_access_tokens (expires_at);
