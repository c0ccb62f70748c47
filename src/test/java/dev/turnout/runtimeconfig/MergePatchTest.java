package dev.turnout.runtimeconfig;

import static dev.turnout.runtimeconfig.ConfigReplica.json;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MergePatchTest {
  /** The table of RFC 7396, appendix A: original, patch, result. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {a: 'b'}           | {a: 'c'}                   | {a: 'c'}
          {a: 'b'}           | {b: 'c'}                   | {a: 'b', b: 'c'}
          {a: 'b'}           | {a: null}                  | {}
          {a: 'b', b: 'c'}   | {a: null}                  | {b: 'c'}
          {a: ['b']}         | {a: 'c'}                   | {a: 'c'}
          {a: 'c'}           | {a: ['b']}                 | {a: ['b']}
          {a: {b: 'c'}}      | {a: {b: 'd', c: null}}     | {a: {b: 'd'}}
          {a: [{b: 'c'}]}    | {a: [1]}                   | {a: [1]}
          ['a', 'b']         | ['c', 'd']                 | ['c', 'd']
          {a: 'b'}           | ['c']                      | ['c']
          {a: 'foo'}         | null                       | null
          {a: 'foo'}         | 'bar'                      | 'bar'
          {e: null}          | {a: 1}                     | {e: null, a: 1}
          [1, 2]             | {a: 'b', c: null}          | {a: 'b'}
          {}                 | {a: {bb: {ccc: null}}}     | {a: {bb: {}}}
          """)
  void patchesAreMergedAsTheStandardSays(String original, String patch, String result) {
    assertEquals(json(result), Documents.patched(json(original), json(patch)));
  }

  @Test
  void changesNameEachSettingAndListsAsAWhole() {
    var changes =
        Documents.changes(
            json("{a: {b: 1, c: 2}, l: [1], same: {x: 1}}"),
            json("{a: {b: 3}, l: [1, 2], same: {x: 1}, 'n/~': {deep: {er: true}}}"));

    assertEquals(
        List.of("/a/b: 1 > 3", "/a/c: 2 > -", "/l: [1] > [1,2]", "/n~1~0/deep/er: - > true"),
        changes.stream().map(MergePatchTest::line).toList());
  }

  private static String line(Change change) {
    return change.pointer()
        + ": "
        + change.before().map(Object::toString).orElse("-")
        + " > "
        + change.after().map(Object::toString).orElse("-");
  }
}
