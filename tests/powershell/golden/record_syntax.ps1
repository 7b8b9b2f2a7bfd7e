# Asks the real parser about every script of a file (one JSON object a line, "script") and writes its outline:
# pwsh -NoProfile -File record_syntax.ps1 -In SCRIPTS -Out syntax.jsonl
param($In, $Out)
$w = [IO.StreamWriter]::new($Out,$false,[Text.UTF8Encoding]::new($false))
function Extra($n) {
 switch ($n.GetType().Name) {
  'StringConstantExpressionAst' { "$($n.StringConstantType) $($n.Value)" }
  'ExpandableStringExpressionAst' { "$($n.StringConstantType) $($n.Value)" }
  'ConstantExpressionAst' { if ($null -eq $n.Value) {'null'} else { "$($n.Value.GetType().Name) " + [string]::Format([cultureinfo]::InvariantCulture,'{0}',$n.Value) } }
  'VariableExpressionAst' { $v=$n.VariablePath; "$($v.UserPath) $($n.Splatted) drive=$($v.DriveName) g=$($v.IsGlobal) l=$($v.IsLocal) p=$($v.IsPrivate) s=$($v.IsScript) v=$($v.IsVariable)" }
  'BinaryExpressionAst' { "$($n.Operator) $($n.ErrorPosition.StartOffset)" }
  'UnaryExpressionAst' { "$($n.TokenKind)" }
  'AssignmentStatementAst' { "$($n.Operator) $($n.ErrorPosition.StartOffset)" }
  'CommandAst' { "$($n.InvocationOperator) $($n.CommandElements.Count)" }
  'CommandParameterAst' { "$($n.ParameterName) $($n.ErrorPosition.EndOffset) $($null -ne $n.Argument)" }
  'MemberExpressionAst' { "$($n.Static) $($n.NullConditional)" }
  'InvokeMemberExpressionAst' { "$($n.Static) $($n.NullConditional) $(if ($n.Arguments) {$n.Arguments.Count} else {0}) $(if ($n.GenericTypeArguments) { ($n.GenericTypeArguments | % FullName) -join ';' })" }
  'IndexExpressionAst' { "$($n.NullConditional)" }
  'FileRedirectionAst' { "$($n.FromStream) $($n.Append)" }
  'MergingRedirectionAst' { "$($n.FromStream) $($n.ToStream)" }
  'FunctionDefinitionAst' { "$($n.Name) $($n.IsFilter) $(if ($null -eq $n.Parameters) {'-'} else {$n.Parameters.Count})" }
  'NamedBlockAst' { "$($n.BlockKind) $($n.Unnamed) $($n.Statements.Count) $(if ($n.Traps) {$n.Traps.Count} else {0})" }
  'StatementBlockAst' { "$($n.Statements.Count) $(if ($n.Traps) {$n.Traps.Count} else {0})" }
  'SwitchStatementAst' { "$($n.Label) $($n.Flags) $($n.Clauses.Count) $($null -ne $n.Default)" }
  'TypeConstraintAst' { $n.TypeName.FullName }
  'TypeExpressionAst' { $n.TypeName.FullName }
  'AttributeAst' { "$($n.TypeName.FullName) $($n.PositionalArguments.Count) $($n.NamedArguments.Count)" }
  'NamedAttributeArgumentAst' { "$($n.ArgumentName) $($n.ExpressionOmitted)" }
  'PipelineChainAst' { "$($n.Operator) $($n.Background)" }
  'PipelineAst' { "$($n.PipelineElements.Count) $($n.Background)" }
  'IfStatementAst' { "$($n.Clauses.Count) $($null -ne $n.ElseClause)" }
  'HashtableAst' { "$($n.KeyValuePairs.Count)" }
  'ArrayLiteralAst' { "$($n.Elements.Count)" }
  'TryStatementAst' { "$($n.CatchClauses.Count) $($null -ne $n.Finally)" }
  'UsingStatementAst' { "$($n.UsingStatementKind)" }
  {$_ -in 'ForEachStatementAst','ForStatementAst','WhileStatementAst','DoWhileStatementAst','DoUntilStatementAst'} { "$($n.Label)" }
 }
}
foreach ($line in [IO.File]::ReadAllLines($In)) {
 $s = ($line | ConvertFrom-Json).script
 $errors=$null; $tokens=$null
 $ast=[System.Management.Automation.Language.Parser]::ParseInput($s,[ref]$tokens,[ref]$errors)
 $nodes = if ($errors.Count -eq 0) { foreach ($n in $ast.FindAll({$true},$true)) { "$($n.GetType().Name) $($n.Extent.StartOffset)-$($n.Extent.EndOffset) $(Extra $n)" } }
 $o=[ordered]@{script=$s; errors=@(foreach($e in $errors){[ordered]@{id=$e.ErrorId;message=$e.Message;start=$e.Extent.StartOffset;end=$e.Extent.EndOffset;line="$($e.Extent.StartLineNumber):$($e.Extent.StartColumnNumber)";text="$e";incomplete=$e.IncompleteInput}}); nodes=@($nodes)}
 $w.WriteLine(($o|ConvertTo-Json -Compress -Depth 5))
}
$w.Close()
