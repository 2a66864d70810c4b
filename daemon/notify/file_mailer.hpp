#pragma once

#include <filesystem>

#include "daemon/notify/mailer.hpp"

namespace mp3conv::notify {

/// Writes letters as `ID.eml` into a folder, for a daemon without a mail server. A second attempt
/// writes the same file.
class FileMailer final : public Mailer {
public:
    /// Makes the folder, 0700. @throws Error{local_file}.
    explicit FileMailer(std::filesystem::path folder);

    void send(const Letter &letter, const std::stop_token &stop) override;

private:
    std::filesystem::path folder_;
};

} // namespace mp3conv::notify
