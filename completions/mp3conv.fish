# fish completion for mp3conv(1)

function __mp3conv_ids
    mp3conv list 2>/dev/null | string split -f 1 ' '
end

function __mp3conv_option
    set -l commands $argv[1]
    complete -c mp3conv -n "__fish_seen_subcommand_from $commands" $argv[2..]
end

complete -c mp3conv -f

complete -c mp3conv -l help -d 'show help'
complete -c mp3conv -n __fish_use_subcommand -l version -d 'show the version'
complete -c mp3conv -l config -rF -d 'read settings from this file'
complete -c mp3conv -l server -x -d 'address of mp3convd'
complete -c mp3conv -l cacert -rF -d 'trust this certificate authority'
complete -c mp3conv -l progress -xa 'auto bar line none' -d 'how progress is shown'
complete -c mp3conv -l retries -x -d 'how often to try again'
complete -c mp3conv -l json -d 'print one JSON object a line'
complete -c mp3conv -s q -l quiet -d 'say nothing but results and errors'
complete -c mp3conv -s v -l verbose -d 'say more'
complete -c mp3conv -l no-input -d 'never ask anything'

complete -c mp3conv -n __fish_use_subcommand -a register -d 'make an account, and log in'
complete -c mp3conv -n __fish_use_subcommand -a verify -d 'show by a code that the address is yours'
complete -c mp3conv -n __fish_use_subcommand -a login -d 'log in, and keep the token'
complete -c mp3conv -n __fish_use_subcommand -a logout -d 'end the token, here and on the server'
complete -c mp3conv -n __fish_use_subcommand -a whoami -d 'print the e-mail of the account'
complete -c mp3conv -n __fish_use_subcommand -a convert -d 'turn files into MP3s'
complete -c mp3conv -n __fish_use_subcommand -a upload -d 'send files to be converted'
complete -c mp3conv -n __fish_use_subcommand -a status -d 'show how far files are'
complete -c mp3conv -n __fish_use_subcommand -a list -d 'list files, newest first'
complete -c mp3conv -n __fish_use_subcommand -a wait -d 'wait until files are finished'
complete -c mp3conv -n __fish_use_subcommand -a download -d 'fetch MP3s'
complete -c mp3conv -n __fish_use_subcommand -a cancel -d 'end conversions that wait or run'
complete -c mp3conv -n __fish_use_subcommand -a retry -d 'convert failed or cancelled files again'
complete -c mp3conv -n __fish_use_subcommand -a rm -d 'remove files and their MP3s'
complete -c mp3conv -n __fish_use_subcommand -a password -d 'get a new password'
complete -c mp3conv -n __fish_use_subcommand -a account -d 'look after the account'
complete -c mp3conv -n __fish_use_subcommand -a token -d 'manage tokens for cron jobs'
complete -c mp3conv -n __fish_use_subcommand -a webhook -d 'let a program be told when a file is finished'
complete -c mp3conv -n __fish_use_subcommand -a completion -d 'print a completion script'

__mp3conv_option 'convert upload' -F
__mp3conv_option 'status wait download cancel retry rm' -a '(__mp3conv_ids)'
__mp3conv_option account -a delete
__mp3conv_option password -a 'change reset'
__mp3conv_option register -l invite -x -d 'code of an invite'
__mp3conv_option password -l code -x -d 'code from the letter'
__mp3conv_option password -l new-password-file -rF -d 'file with the new password'
__mp3conv_option token -a 'create list revoke'
__mp3conv_option token -l expires -x -d 'how long it is good'
__mp3conv_option webhook -a 'set show test rm'
__mp3conv_option completion -a 'bash zsh fish'

__mp3conv_option 'register verify login password account' -l password-file -rF -d 'file with the password'
__mp3conv_option 'upload download status' -l wait -d 'wait until they are finished'
__mp3conv_option status -l watch -d 'show each change until they are finished'
__mp3conv_option 'convert upload download' -l jobs -x -d 'how many files at a time'
__mp3conv_option 'convert upload download status wait' -l timeout -x -d 'stop waiting after this time'
__mp3conv_option 'convert download' -s o -l output -rF -d 'write to this file'
__mp3conv_option 'convert download' -l output-dir -xa '(__fish_complete_directories)' -d 'write into this folder'
__mp3conv_option 'convert download' -l if-exists -xa 'skip-newer skip overwrite fail' -d 'what of an MP3 that is there'
__mp3conv_option list -l limit -x -d 'at most that many'
__mp3conv_option list -l state -xa 'queued converting done failed cancelled expired' -d 'only those'

__mp3conv_option 'convert upload' -s r -l recursive -d 'take the recordings in folders'
__mp3conv_option 'convert upload' -l files-from -rF -d 'take the files that are named in this one'
__mp3conv_option 'convert upload' -s 0 -l null -d 'names end in NUL'
__mp3conv_option 'convert upload' -l dry-run -d 'only say what would be done'
__mp3conv_option convert -l preserve-mtime -d 'give the MP3 its source\'s time of change'
__mp3conv_option 'convert upload' -l whole-file -d 'send a video whole, not only its audio'
__mp3conv_option 'convert upload' -l preset -xa 'voice standard high max' -d 'quality by name'
__mp3conv_option 'convert upload' -l vbr -xa '(seq 0 9)' -d 'variable bitrate, 0 is best'
__mp3conv_option 'convert upload' -l bitrate -x -d 'constant bitrate such as 192k'
__mp3conv_option 'convert upload' -l abr -x -d 'average bitrate such as 160k'
__mp3conv_option 'convert upload' -l rate -x -d 'sampling rate such as 44100'
__mp3conv_option 'convert upload' -l track -x -d 'which audio track'
__mp3conv_option 'convert upload' -l lang -x -d 'first track in one of these languages'
__mp3conv_option 'convert upload' -l mono -d 'mix to one channel'
__mp3conv_option 'convert upload' -l start -x -d 'where the MP3 begins'
__mp3conv_option 'convert upload' -l end -x -d 'where it ends'
__mp3conv_option 'convert upload' -l normalize -d 'bring to this loudness, -16 LUFS'
__mp3conv_option 'convert upload' -l tag -x -d 'a tag instead of the video\'s: KEY=VALUE'
__mp3conv_option 'convert upload' -l no-tags -d 'none of the video\'s tags'
__mp3conv_option 'convert upload' -l cover -x -a 'keep drop' -d 'whether the MP3 gets the cover'
__mp3conv_option 'convert upload' -l chapters -x -a 'keep drop' -d 'whether the MP3 gets the chapters'
__mp3conv_option 'convert upload' -l id3v1 -d 'add a tag for players that know no other'

functions -e __mp3conv_option
