#include "daemon/notify/letter.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>
#include <utility>

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
std::string tell_expiry(const FileObject &file, const Sender &sender) {
    if (!file.finished_at) return {};
    return "\nIt stays for " + in_words(sender.keep_mp3) + ", until " +
           format_utc(*file.finished_at + sender.keep_mp3, "%A, %-d %B %Y, %H:%M UTC") + ".\n";
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

std::string tell_success(const FileObject &file, const std::string &mp3_name,
                         const Sender &sender) {
    return printable(file.name) +
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
           sender.public_url + "/f/" + file.id + "\n" + tell_expiry(file, sender);
}

std::string tell_failure(const FileObject &file) {
    const Failure failure = file.error.value_or(Failure{});
    std::string body = printable(file.name) + " could not be converted:\n" +
                       printable(failure.detail) +
                       "\n\n" //
                       "  File ID   " +
                       file.id +
                       "\n" //
                       "  Reason    " +
                       printable(failure.code) + "\n";
    if (failure.retryable) body += "\nTo try once more, run\n\n  mp3conv retry " + file.id + "\n";
    return body;
}

} // namespace

Letter compose(const Notice &notice, const Sender &sender, Time now) {
    const FileObject &file = notice.file;
    const std::string id = file.id + "." + std::to_string(notice.id);
    if (!file.mp3) {
        return write(id, notice.email, sender, now,
                     printable(file.name) + " could not be converted", tell_failure(file));
    }
    const std::string mp3_name = without_extension(printable(file.name)) + ".mp3";
    return write(id, notice.email, sender, now, mp3_name + " is ready",
                 tell_success(file, mp3_name, sender));
}

Letter compose_test(const std::string &to, const Sender &sender, Time now) {
    const std::string id = "test." + std::to_string(now.time_since_epoch().count());
    return write(id, to, sender, now, "mp3convd can send mail",
                 "Somebody tried the mail settings of mp3convd at " + sender.public_url +
                     ".\nThey work.\n");
}

} // namespace mp3conv::notify
