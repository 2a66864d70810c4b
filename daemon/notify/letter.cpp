#include "daemon/notify/letter.hpp"

#include <chrono>
#include <ctime>

#include "common/text.hpp"
#include "daemon/notify/mime.hpp"

namespace mp3conv::notify {
namespace {

/// @return RFC 5322's date in UTC: "Tue, 24 Nov 2026 08:30:00 +0000".
std::string format_date(Time time) {
    const std::time_t seconds =
        std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    char text[40];
    const size_t size = std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S +0000", &parts);
    return {text, size};
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
           sender.public_url + "/f/" + file.id + "\n";
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
