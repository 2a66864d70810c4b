#include "daemon/notify/letter.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>
#include <utility>

#include "common/error.hpp"
#include "common/text.hpp"
#include "daemon/notify/mime.hpp"

namespace mp3conv::notify {
namespace {

std::string format_utc(Time time, const char *format) {
    const std::time_t seconds =
        std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    char text[60];
    const size_t size = std::strftime(text, sizeof text, format, &parts);
    return {text, size};
}

/// @return RFC 5322's date in UTC: "Tue, 24 Nov 2026 08:30:00 +0000".
std::string format_date(Time time) {
    return format_utc(time, "%a, %d %b %Y %H:%M:%S +0000");
}

/// @return "30 days", or in hours, minutes or seconds what is no whole number of those before.
std::string in_words(std::chrono::seconds time) {
    constexpr std::array<std::pair<int64_t, const char *>, 4> units{
        {{86400, "day"}, {3600, "hour"}, {60, "minute"}, {1, "second"}}};
    const auto *const unit = std::find_if(units.begin(), units.end(), [&](const auto &candidate) {
        return time.count() % candidate.first == 0;
    });
    const auto count = time.count() / unit->first;
    return std::to_string(count) + " " + unit->second + (count == 1 ? "" : "s");
}

/// @return a line that tells until when the MP3 stays; nothing where that is not known.
std::string tell_expiry(const FileObject &file) {
    if (!file.finished_at || !file.expires_at) return {};
    const auto stay =
        std::chrono::floor<std::chrono::seconds>(*file.expires_at - *file.finished_at);
    return "\nIt stays for " + in_words(stay) + ", until " +
           format_utc(*file.expires_at, "%A, %-d %B %Y, %H:%M UTC") + ".\n";
}

Letter write(const std::string &id, const std::string &to, const Sender &sender, Time now,
             const std::string &subject, const std::string &body) {
    const std::string domain = sender.address.substr(sender.address.find('@') + 1);
    const std::string header = "From: mp3conv <" + sender.address +
                               ">\r\n" //
                               "To: <" +
                               to +
                               ">\r\n" //
                               "Subject: " +
                               encode_header(subject, 9) + "\r\n" + "Date: " + format_date(now) +
                               "\r\n" + //
                               "Message-ID: <" + id + "@" + domain + ">\r\n" +
                               "Auto-Submitted: auto-generated\r\n" // RFC 3834: no vacation replies
                               "MIME-Version: 1.0\r\n"
                               "Content-Type: text/plain; charset=UTF-8\r\n"
                               "Content-Transfer-Encoding: quoted-printable\r\n";
    return {id, sender.address, to, header + "\r\n" + quoted_printable(body)};
}

/// What a letter says.
struct Content {
    std::string subject;
    std::string body;
};

Content tell_success(const FileObject &file, const Sender &sender) {
    const std::string name = printable(file.name);
    const std::string mp3_name = without_extension(name) + ".mp3";
    return {mp3_name + " is ready",
            name +
                " is an MP3 now.\n\n" //
                "  File ID   " +
                file.id +
                "\n" //
                "  Name      " +
                mp3_name +
                "\n" //
                "  Duration  " +
                format_duration(file.mp3->duration_s) + "\n" + "  Size      " +
                format_size(file.mp3->bytes) + "\n\n" +
                "To fetch it, run\n\n"
                "  mp3conv download " +
                file.id +
                "\n\n" //
                "or open\n\n"
                "  " +
                sender.public_url + "/f/" + file.id + "\n" + tell_expiry(file)};
}

Content tell_failure(const FileObject &file) {
    const Failure failure = file.error.value_or(Failure{});
    const std::string title = printable(file.name) + " could not be converted";
    std::string body = title + ":\n" + printable(failure.detail) +
                       "\n\n" //
                       "  File ID   " +
                       file.id +
                       "\n" //
                       "  Reason    " +
                       printable(failure.code) + "\n";
    if (failure.retryable) body += "\nTo try once more, run\n\n  mp3conv retry " + file.id + "\n";
    return {title, body};
}

Content tell_end(const Notice &notice, const Sender &sender) {
    if (!notice.file) throw Error{Errc::undeliverable, "its file is gone"};
    return notice.file->mp3 ? tell_success(*notice.file, sender) : tell_failure(*notice.file);
}

/// An address may have characters in it that a shell would act on.
std::string shell_word(const std::string &text) {
    if (text.find_first_of("!#$&'*?`{|}~") == std::string::npos) return text;
    std::string word = "'";
    for (const char c : text) word += c == '\'' ? std::string{"'\\''"} : std::string{c};
    return word + "'";
}

Content send_verification(const Notice &notice, const Sender &sender) {
    return {"Is this your address?",
            "Somebody, we hope it was you, asked for an account with this address at\n" +
                sender.public_url +
                "\n\n" //
                "If it was you, run\n\n"
                "  mp3conv verify " +
                shell_word(notice.email) + " " + notice.secret +
                "\n\n" //
                "or open\n\n"
                "  " +
                sender.public_url + "/verify?email=" + url_encode(notice.email) +
                "&code=" + notice.secret +
                "\n\n" //
                "If it was not, do nothing: the account goes away, and so do our letters.\n"};
}

Content send_reset(const Notice &notice, const Sender &sender) {
    return {"A new password",
            "Somebody, we hope it was you, forgot the password of your account at\n" +
                sender.public_url +
                "\n\n" //
                "To set a new one within half an hour, run\n\n"
                "  mp3conv password reset " +
                shell_word(notice.email) + " --code " + notice.secret +
                "\n\n" //
                "All logins and tokens end then. If it was not you, do nothing: your password\n"
                "stays as it is.\n"};
}

struct Composer {
    Kind kind;
    Content (*compose)(const Notice &, const Sender &);
};

constexpr std::array composers{
    Composer{Kind::file_ended, tell_end},
    Composer{Kind::verify_email, send_verification},
    Composer{Kind::reset_password, send_reset},
};

/// @return what tells this notice from all others, whatever attempt it is.
std::string name_of(const Notice &notice) {
    const std::string about = notice.file ? notice.file->id : std::string{to_string(notice.kind)};
    return about + "." + std::to_string(notice.id);
}

} // namespace

Letter compose(const Notice &notice, const Sender &sender, Time now) {
    for (const Composer &composer : composers) {
        if (composer.kind != notice.kind) continue;
        const Content content = composer.compose(notice, sender);
        return write(name_of(notice), notice.email, sender, now, content.subject, content.body);
    }
    throw Error{Errc::undeliverable, "nobody knows how to write this letter"};
}

Letter compose_test(const std::string &to, const Sender &sender, Time now) {
    const std::string id = "test." + std::to_string(now.time_since_epoch().count());
    return write(id, to, sender, now, "mp3convd can send mail",
                 "Somebody tried the mail settings of mp3convd at " + sender.public_url +
                     ".\nThey work.\n");
}

} // namespace mp3conv::notify
