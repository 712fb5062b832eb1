alter table sessions add column address text not null default ''; -- where its user called from, at login
