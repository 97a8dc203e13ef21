/* The subcommands' functions, one a file cmd_NAME.c; the table is in earshot.c. */
#ifndef EARSHOT_CLI_COMMANDS_H
#define EARSHOT_CLI_COMMANDS_H

int cmd_bench(int argc, char **argv);
int cmd_case(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_console(int argc, char **argv);
int cmd_crawler(int argc, char **argv);
int cmd_dates(int argc, char **argv);
int cmd_detect_csv(int argc, char **argv);
int cmd_detector(int argc, char **argv);
int cmd_erase(int argc, char **argv);
int cmd_export(int argc, char **argv);
int cmd_extract(int argc, char **argv);
int cmd_fetch(int argc, char **argv);
int cmd_import(int argc, char **argv);
int cmd_incidents(int argc, char **argv);
int cmd_integrity(int argc, char **argv);
int cmd_keys(int argc, char **argv);
int cmd_label(int argc, char **argv);
int cmd_match(int argc, char **argv);
int cmd_model(int argc, char **argv);
int cmd_notifier(int argc, char **argv);
int cmd_parse(int argc, char **argv);
int cmd_posts(int argc, char **argv);
int cmd_stories(int argc, char **argv);
int cmd_recipe(int argc, char **argv);
int cmd_replay(int argc, char **argv);
int cmd_robots(int argc, char **argv);
int cmd_rotate_key(int argc, char **argv);
int cmd_rules(int argc, char **argv);
int cmd_score(int argc, char **argv);
int cmd_search(int argc, char **argv);
int cmd_source(int argc, char **argv);
int cmd_stats(int argc, char **argv);
int cmd_status(int argc, char **argv);
int cmd_train(int argc, char **argv);
int cmd_try(int argc, char **argv);
int cmd_up(int argc, char **argv);
int cmd_verify(int argc, char **argv);

#endif
