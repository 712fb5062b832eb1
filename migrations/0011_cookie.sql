-- The counter of the one mode without rows: raising it ends every sealed cookie of the user. No row means 0.
create table cookie_epochs (
    user_id text   primary key references users (id) on delete cascade,
    epoch   bigint not null
);
