#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <string>
#include <vector>

#include "app/manual/manual.hpp"
#include "base/characters.hpp"
#include "base/usage_error.hpp"

namespace memspice::app {

namespace {

std::vector<std::string> option_words(const CLI::App& command) {
  std::vector<std::string> words;
  for (const CLI::Option* option : command.get_options()) {
    if (option->get_group().empty()) continue;
    for (const std::string& name : option->get_snames()) words.push_back("-" + name);
    for (const std::string& name : option->get_lnames()) words.push_back("--" + name);
  }
  return words;
}

std::string joined(const std::vector<std::string>& words) {
  return fmt::format("{}", fmt::join(words, " "));
}

/// What an option may be: those words of its type, `sin|dc|WAVEFORM`, that stand for themselves.
std::string choices_of(const CLI::Option& option) {
  std::vector<std::string> choices;
  const std::string type = option.get_type_name();
  if (type.find('|') == std::string::npos) return {};
  for (std::size_t begin = 0; begin <= type.size();) {
    const std::size_t end = std::min(type.find('|', begin), type.size());
    if (const std::string word = type.substr(begin, end - begin); to_lower(word) == word)
      choices.push_back(word);
    begin = end + 1;
  }
  return joined(choices);
}

bool names_a_file(const CLI::Option& option) {
  return option.get_type_name().starts_with("FILE");
}

/// For bash: what may follow an option, or the command itself.
std::string bash_values(const CLI::App& command) {
  std::string cases;
  for (const CLI::Option* option : command.get_options()) {
    const std::string choices = choices_of(*option);
    if (choices.empty()) continue;
    const std::string before = option->get_positional()
                                   ? fmt::format("2:{}", command.get_name())
                                   : fmt::format("*:--{}", fmt::join(option->get_lnames(), "|*:--"));
    cases += fmt::format(" {}) values='{}' ;;", before, choices);
  }
  return cases.empty() ? "" : fmt::format("\n      case $COMP_CWORD:$before in{} esac", cases);
}

std::string bash_completion(const CLI::App& app) {
  std::vector<std::string> commands;
  std::string cases;
  for (const CLI::App* command : app.get_subcommands({})) {
    commands.push_back(command->get_name());
    cases += fmt::format("    {}) words='{}'{} ;;\n", command->get_name(), joined(option_words(*command)),
                         bash_values(*command));
  }
  return fmt::format(
      "# memspice(1) for bash\n"
      "_memspice() {{\n"
      "  local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}} words values=\n"
      "  [ \"$word\" != = ] || word=\n"
      "  [ \"$before\" != = ] || before=${{COMP_WORDS[COMP_CWORD-2]}}\n"
      "  case ${{COMP_WORDS[1]}} in\n{}"
      "    *) words='{}'{} ;;\n"
      "  esac\n"
      "  COMPREPLY=()\n"
      "  if [ -n \"$values\" ]; then\n"
      "    mapfile -t COMPREPLY < <(compgen -W \"$values\" -- \"$word\")\n"
      "  elif [[ $word == -* ]]; then\n"
      "    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\")\n"
      "  elif [ \"$COMP_CWORD\" -eq 1 ]; then\n"
      "    mapfile -t COMPREPLY < <(compgen -W '{}' -- \"$word\"; compgen -f -- \"$word\")\n"
      "  fi\n"
      "}}\n"
      "complete -o default -o filenames -F _memspice memspice\n",
      cases, joined(option_words(app)), bash_values(app), joined(commands));
}

/// A text between single quotes, for zsh and fish.
std::string quoted_line(std::string_view text, std::string_view quote) {
  std::string result;
  for (const char c : text.substr(0, text.find('\n'))) {
    if (c == '\'')
      result += quote;
    else if (c == '[' || c == ']' || c == ':')
      result += ' ';  // which end a description in zsh
    else
      result += c;
  }
  return result;
}

std::string zsh_options(const CLI::App& command) {
  std::string text;
  for (const CLI::Option* option : command.get_options()) {
    const std::string choices = choices_of(*option);
    const std::string action = !choices.empty()        ? fmt::format("({})", choices)
                               : names_a_file(*option) ? "_files"
                                                       : " ";
    if (option->get_positional() && !choices.empty())
      text += fmt::format(" \\\n        '2:{}:{}'", option->get_name(), action);
    if (option->get_group().empty() || option->get_positional()) continue;
    const std::string value =
        option->get_type_name().empty() ? "" : ":" + quoted_line(option->get_type_name(), "") + ":" + action;
    const auto add = [&](const std::string& name) {
      text += fmt::format(" \\\n        '*{}[{}]{}'", name, quoted_line(option->get_description(), "'\\''"),
                          value);
    };
    for (const std::string& name : option->get_snames()) add("-" + name);
    for (const std::string& name : option->get_lnames()) add("--" + name);
  }
  return text;
}

std::string zsh_completion(const CLI::App& app) {
  std::string commands, cases;
  for (const CLI::App* command : app.get_subcommands({})) {
    commands +=
        fmt::format(" '{}:{}'", command->get_name(), quoted_line(command->get_description(), "'\\''"));
    cases += fmt::format("    {})\n      _arguments{} \\\n        '*:file:_files' ;;\n", command->get_name(),
                         zsh_options(*command));
  }
  return fmt::format(
      "#compdef memspice\n"
      "# memspice(1) for zsh\n"
      "_memspice() {{\n"
      "  local -a commands\n"
      "  commands=({})\n"
      "  if (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then\n"
      "    _describe command commands\n"
      "    _files\n"
      "    return\n"
      "  fi\n"
      "  case $words[2] in\n{}"
      "    *)\n      _arguments{} \\\n        '*:file:_files' ;;\n"
      "  esac\n"
      "}}\n"
      "_memspice \"$@\"\n",
      commands, cases, zsh_options(app));
}

std::string fish_options(const CLI::App& command, std::string_view condition) {
  std::string text;
  for (const CLI::Option* option : command.get_options()) {
    if (option->get_group().empty() || option->get_positional()) continue;
    text += fmt::format("complete -c memspice -n '{}'", condition);
    for (const std::string& name : option->get_snames()) text += " -s " + name;
    for (const std::string& name : option->get_lnames()) text += " -l " + name;
    const std::string choices = choices_of(*option);
    if (!choices.empty())
      text += fmt::format(" -x -a '{}'", choices);
    else if (!option->get_type_name().empty())
      text += names_a_file(*option) ? " -r" : " -x";
    text += fmt::format(" -d '{}'\n", quoted_line(option->get_description(), "\\'"));
  }
  return text;
}

std::string fish_completion(const CLI::App& app) {
  std::string text = "# memspice(1) for fish\n";
  std::vector<std::string> commands;
  for (const CLI::App* command : app.get_subcommands({})) {
    commands.push_back(command->get_name());
    text += fmt::format("complete -c memspice -n __fish_use_subcommand -a {} -d '{}'\n", command->get_name(),
                        quoted_line(command->get_description(), "\\'"));
  }
  text += fish_options(app, "not __fish_seen_subcommand_from " + joined(commands));  // behind a deck, too
  for (const CLI::App* command : app.get_subcommands({})) {
    const std::string condition = "__fish_seen_subcommand_from " + command->get_name();
    text += fish_options(*command, condition);
    for (const CLI::Option* option : command->get_options())
      if (const std::string choices = choices_of(*option); option->get_positional() && !choices.empty())
        text += fmt::format(
            "complete -c memspice -n '{0}; and not __fish_seen_subcommand_from {1}' -f -a '{1}'\n", condition,
            choices);
  }
  return text;
}

}  // namespace

std::string completion(const CLI::App& app, std::string_view shell) {
  if (shell == "bash") return bash_completion(app);
  if (shell == "zsh") return zsh_completion(app);
  if (shell == "fish") return fish_completion(app);
  throw UsageError(fmt::format("there is no completion for '{}'", shell), "bash, zsh and fish have one");
}

}  // namespace memspice::app
