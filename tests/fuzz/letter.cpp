// A letter about a file, whatever the file is called and whatever is said of it: it has the header
// fields that it should have and no others, every line is one that mail servers take, and its text
// comes out as it went in.

#include <algorithm>
#include <array>

#include "common/text.hpp"
#include "daemon/notify/letter.hpp"
#include "tests/fuzz/target.hpp"

using namespace mp3conv;
using namespace mp3conv::notify;

namespace {

const Sender sender{"mp3@example.org", "https://mp3.example.org"};
const Time now{std::chrono::seconds{1'764'000'000}};

/// @return the line that `text` begins with, which is taken off it.
std::string_view take_crlf_line(std::string_view &text) {
    const size_t end = text.find("\r\n");
    fuzz::require(end != std::string_view::npos, "every line ends in CRLF");
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 2);
    const bool is_plain =
        std::all_of(line.begin(), line.end(), [](char c) { return c >= ' ' && c <= '~'; });
    fuzz::require(is_plain, "a letter is printable ASCII");
    fuzz::require(line.size() <= 78, "lines are no longer than they should be (RFC 5322, 2.1.1)");
    return line;
}

int hex(char digit) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    const size_t value = digits.find(digit);
    fuzz::require(value != std::string_view::npos, "what is encoded can be decoded");
    return static_cast<int>(value);
}

/// Takes "=C3" for a byte.
char take_escape(std::string_view &text) {
    fuzz::require(text.size() >= 3, "what is encoded can be decoded");
    const char byte = static_cast<char>(hex(text[1]) << 4 | hex(text[2]));
    text.remove_prefix(3);
    return byte;
}

std::string decode_word(std::string_view word) {
    constexpr std::string_view start = "=?UTF-8?Q?";
    fuzz::require(word.starts_with(start) && word.ends_with("?=") && word.size() <= 75,
                  "an encoded word has 75 characters at most (RFC 2047, 2)");
    word = word.substr(start.size(), word.size() - start.size() - 2);
    std::string text;
    while (!word.empty()) {
        if (word.front() == '=') {
            text += take_escape(word);
            continue;
        }
        text += word.front() == '_' ? ' ' : word.front();
        word.remove_prefix(1);
    }
    fuzz::require(is_utf8(text), "no character is split over two words (RFC 2047, 5)");
    return text;
}

/// @return the field's value, which may go on over lines that begin with a space.
std::string take_subject(std::string_view &text) {
    constexpr std::string_view name = "Subject: ";
    std::string_view line = take_crlf_line(text);
    fuzz::require(line.starts_with(name), "a letter has a subject");
    line.remove_prefix(name.size());
    if (!line.starts_with("=?")) return std::string{line};
    std::string subject = decode_word(line);
    while (text.starts_with(' ')) subject += decode_word(take_crlf_line(text).substr(1));
    return subject;
}

void take_field(std::string_view &text, std::string_view name) {
    fuzz::require(take_crlf_line(text).starts_with(name), "a letter has these fields, and no more");
}

std::string decode_body(std::string_view text) {
    std::string body;
    while (!text.empty()) {
        std::string_view line = take_crlf_line(text);
        fuzz::require(line.size() <= 76, "quoted-printable has lines of 76 characters at most");
        fuzz::require(!line.ends_with(' '), "no space at a line's end, where servers drop it");
        const bool goes_on = line.ends_with('=');
        if (goes_on) line.remove_suffix(1);
        while (!line.empty()) {
            if (line.front() == '=') {
                body += take_escape(line);
                continue;
            }
            body += line.front();
            line.remove_prefix(1);
        }
        if (!goes_on) body += '\n';
    }
    return body;
}

void look_at(const Letter &letter, const std::string &subject, const std::string &first_line) {
    std::string_view text = letter.text;
    take_field(text, "From: mp3conv <mp3@example.org>");
    take_field(text, "To: <anna@example.org>");
    fuzz::require(take_subject(text) == subject, "the subject says what it should");
    for (const char *name : {"Date: ", "Message-ID: <", "Auto-Submitted: auto-generated",
                             "MIME-Version: 1.0", "Content-Type: text/plain; charset=UTF-8",
                             "Content-Transfer-Encoding: quoted-printable"}) {
        take_field(text, name);
    }
    fuzz::require(take_crlf_line(text).empty(), "an empty line ends the fields");
    fuzz::require(decode_body(text).starts_with(first_line + "\n"), "a name stays in its line");
}

/// A name and why it failed, a line each.
void look(std::string_view input) {
    Notice notice{.id = 7, .email = "anna@example.org", .file = FileObject{}, .attempt = 1};
    FileObject &file = *notice.file;
    file.id = "k3v9";
    file.name = input.substr(0, input.find('\n'));
    input.remove_prefix(std::min(file.name.size() + 1, input.size()));
    const std::string name = printable(file.name);

    file.error = Failure{"not_media", std::string{input}, true};
    look_at(compose(notice, sender, now), name + " could not be converted",
            name + " could not be converted:\n" + printable(input));

    file.name += '\n';
    file.name += input; // no name that a user gives is like that; but what if
    file.mp3 = Mp3{input.size(), static_cast<double>(input.size()), 1, "00", {}};
    const std::string shown = printable(file.name);
    look_at(compose(notice, sender, now), without_extension(shown) + ".mp3 is ready",
            shown + " is an MP3 now.");
}

const fuzz::Target target{"letter", look};

} // namespace
