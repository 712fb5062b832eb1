#!/usr/bin/env bash
# Checks the rules of language that a program can check (CONTRIBUTING.md): no words that make a sentence vague, and no comment line
# over 120 characters in Rust.
#
#   scripts/check-language.sh [PATH…]
#
# Without a path it checks every tracked file. Prints `file:line: word: text` for each violation and exits with 1.
#
# Exceptions:
#   - docs/CHANGELOG.md records texts as they were.
#   - A Markdown line that contains `<!-- language: example -->` may quote an excluded word.
#   - "nobody" in quotes is a reserved user name. The motto may contain its "door".
#   - The words of the second list are also common identifiers: only comments, strings and Markdown text are checked for them.
set -euo pipefail

cd "$(dirname "$0")/.."
command -v perl >/dev/null || { echo "scripts/check-language.sh needs perl" >&2; exit 2; }

# The list contains the words itself, so this file is not checked.
git ls-files --cached --others --exclude-standard -z -- "${@:-.}" | perl -0 -ne '
    chomp;
    print "$_\0" if /\.(rs|ts|css|sh|sql|md)$/ && !m{^(docs/CHANGELOG\.md|scripts/check-language\.sh)$};
' | perl -CSD -0 -e '
use strict;
use warnings;
use utf8;

# Excluded everywhere, in identifiers too: `_` ends a word. Name the role (client, user, administrator, attacker, operator), state the
# condition, or repeat the noun.
my $everywhere = join "|", (
    "who(?:so)?ever", "whomever", "nobody", "somebody", "everybody", "anybody",
    "anew", "afresh", "of before", "had by", "in so many (?:words|letters)", "now and then", "without a word",
    "told so", "comes? alive", "takes? hold", "nothing can come of",
    "What (?:was|is over|has (?:been|ended|passed))",
);
# Excluded in text only. Write: endpoint or entry point; stored or kept; audit log; reading or checking.
my $in_text = join "|", ("doors?", "held", "trails?", "looking");

my $failed = 0;
while (defined(my $file = <STDIN>)) {
    chomp $file;
    open my $in, "<", $file or next; # deleted, but not yet committed
    local $/ = "\n";
    my ($number, $continued) = (0, 0);
    while (my $line = <$in>) {
        $number++;
        chomp $line;
        next if $line =~ /<!-- language: example -->/;
        if ($file =~ /\.rs$/ && $line =~ m{^\s*//} && length $line > 120) {
            report($file, $number, length($line) . " characters", $line);
        }
        (my $text = $line) =~ s/(["\x27`])nobody\1//g;
        $text =~ s/One door, four keys//g; # part: comparison
        while ($text =~ /(?<![A-Za-z])($everywhere)(?![A-Za-z])/gi) {
            my $word = $1;
            next if $word =~ /^what/; # a question or a clause inside of a sentence
            report($file, $number, $word, $line);
        }
        my $prose = $continued ? $text : prose($file, $text);
        report($file, $number, $1, $line) while $prose =~ /\b($in_text)\b/gi;
        $continued = $file =~ /\.rs$/ && $line =~ /\\$/; # a string that goes on in the next line
    }
}
exit $failed;

# The comments of a line of code, and its strings of more than one word.
sub prose {
    my ($file, $line) = @_;
    if ($file =~ /\.md$/) {
        $line =~ s/`[^`]*`//g;
        return $line;
    }
    my $comment = $file =~ /\.sql$/ ? qr/--/ : $file =~ /\.sh$/ ? qr/\#/ : qr{//|/\*|\*(?=\s)};
    my @texts = $line =~ /(?:^|\s)$comment(.*)/;
    push @texts, grep { /\s/ } $line =~ /"((?:[^"\\]|\\.)*)"?/g;
    push @texts, grep { /\s/ } $line =~ /[\x27`]([^\x27`]*)[\x27`]/g if $file =~ /\.ts$/;
    s/`[^`]*`//g for @texts;
    return join "\n", @texts;
}

sub report {
    my ($file, $number, $word, $line) = @_;
    $line =~ s/^\s+//;
    print "$file:$number: $word: ", substr($line, 0, 140), "\n";
    $failed = 1;
}
'
