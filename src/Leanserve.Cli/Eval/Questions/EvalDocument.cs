namespace Leanserve.Cli.Eval.Questions;

/// <summary>One document that questions are asked about.</summary>
/// <param name="Name">A file name, such as <c>people.md</c>.</param>
/// <param name="Text">The whole text.</param>
internal sealed record EvalDocument(string Name, string Text);
