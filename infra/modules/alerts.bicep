// What an operator must hear of. Each text says what happens if nothing is done, and what to do; the
// runbook has more. The queries rest on the app's metrics, and on its log lines, which are JSON with
// the name of an event.

@description('Region of the rules: that of the workspace.')
param location string

@description('Tags of the rules.')
param tags object

@description('Resource id of the Log Analytics workspace.')
param workspaceId string

@description('E-mail address to write to; empty for none.')
param email string

@description('Address of the runbook, without an anchor.')
param runbookUrl string

var rules = [
  {
    name: 'poison-messages'
    title: 'Messages were given up'
    severity: 1
    // A message that a poison handler cannot read stays in its queue and is seen by the failed run only.
    query: '''
      union
        (AppMetrics
          | where Name == "vhd_to_image.poisoned"
          | project GivenUp = Sum),
        (AppRequests
          | where Success == false and Name has_any ("poison-work", "poison-convert", "poison-upload")
          | project GivenUp = 1.0)
      | summarize GivenUp = sum(GivenUp)
    '''
    column: 'GivenUp'
    threshold: 0
    frequency: 'PT5M'
    window: 'PT15M'
    description: 'Consequence: the requests of these messages ended as failed, or messages that cannot be read lie in a poison queue. Action: look in the log for the cause, correct it, and have the uploads repeated; clear the queue.'
  }
  {
    name: 'overdue-requests'
    title: 'Requests stand still, again and again'
    severity: 2
    // Once is a lost message, which the sweep has replaced. The same request three times is not.
    query: '''
      AppTraces
      | extend Line = parse_json(Message)
      | where tostring(Line.event) == "sweep.overdue"
      | summarize Times = count() by RequestId = tostring(Line.requestId)
      | where Times >= 3
      | summarize StuckRequests = count()
    '''
    column: 'StuckRequests'
    threshold: 0
    frequency: 'PT15M'
    window: 'PT30M'
    description: 'Consequence: these requests are sent for but not worked on; they end as failed when their deadline passes. Action: see whether the function advance runs and what it logs for them; restart the app if its queue trigger does not listen.'
  }
  {
    name: 'failure-rate'
    title: 'More than half of the requests fail'
    severity: 2
    // Single failures are mostly mistakes in an upload, which the uploader sees. So five at least.
    query: '''
      AppMetrics
      | where Name == "vhd_to_image.requests"
      | extend State = tostring(Properties.state)
      | summarize Failed = sumif(Sum, State == "failed"), Succeeded = sumif(Sum, State == "succeeded")
      | extend FailedPercent = iff(Failed >= 5, 100.0 * Failed / (Failed + Succeeded), 0.0)
      | project FailedPercent
    '''
    column: 'FailedPercent'
    threshold: 50
    frequency: 'PT15M'
    window: 'PT1H'
    description: 'Consequence: uploads do not become images. Action: list them with GET /api/status?state=failed; many with one error code have one cause, most often a right that is missing, a target that is gone or a tool that uploads wrongly. error.fix says what to do.'
  }
  {
    name: 'conversions-stuck'
    title: 'Conversions do not get on'
    severity: 2
    // Slices begin, and nothing has been written for half an hour: storage refuses, or every slice fails.
    query: '''
      let Written = toscalar(AppMetrics
        | where Name == "vhd_to_image.convert.bytes"
        | summarize Bytes = sum(Sum));
      AppRequests
      | where Name has "convert" and not(Name has "poison")
      | summarize Slices = count()
      | extend Stuck = iff(Slices >= 10 and coalesce(Written, 0.0) == 0.0, Slices, 0)
      | project Stuck
    '''
    column: 'Stuck'
    threshold: 0
    frequency: 'PT15M'
    window: 'PT30M'
    description: 'Consequence: requests stay in the state converting and fail when CONVERT_DEADLINE_HOURS has passed. Action: see what the function convert logs; disks[].detail and retrying in GET /api/status?state=converting say whether storage is busy. Check the identity\'s rights on the container for converted disks.'
  }
  {
    name: 'no-progress'
    title: 'Nothing moves'
    severity: 1
    // Without a completed sweep in half an hour the app does not run. With retries only, the service refuses everything.
    query: '''
      AppTraces
      | extend Event = tostring(parse_json(Message).event)
      | summarize
          Sweeps = countif(Event == "sweep.done"),
          Retries = countif(Event == "request.service.retry"),
          Changes = countif(Event == "request.state")
      | extend Standstill = iff(Sweeps == 0 or (Retries > 0 and Changes == 0), 1, 0)
      | project Standstill
    '''
    column: 'Standstill'
    threshold: 0
    frequency: 'PT15M'
    window: 'PT30M'
    description: 'Consequence: no request gets on, and uploads whose event was lost are not found. Action: GET /api/health says what is missing; if it does not answer, look whether the app starts. If it is healthy, the service refuses or throttles: the log lines request.service.retry have its code.'
  }
  {
    name: 'stuck-replication'
    title: 'An image version is not replicated'
    severity: 2
    // Managed images take minutes. What is `creating` for six hours without a change is replicated to its regions.
    query: '''
      AppTraces
      | extend Line = parse_json(Message)
      | where tostring(Line.event) == "request.state"
      | summarize arg_max(TimeGenerated, State = tostring(Line.state)) by RequestId = tostring(Line.requestId)
      | where State == "creating" and TimeGenerated < ago(6h)
      | summarize StuckReplications = count()
    '''
    column: 'StuckReplications'
    threshold: 0
    frequency: 'PT1H'
    window: 'P1D'
    description: 'Consequence: the version cannot be used in the regions that lack it; its request ends as failed after REPLICATE_DEADLINE_HOURS. Action: GET /api/status/{requestId} shows the progress of each region; remove a failed region from the version and add it back, or wait where many regions were requested.'
  }
]

resource actionGroup 'Microsoft.Insights/actionGroups@2023-01-01' = if (!empty(email)) {
  name: 'vhd-to-image'
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'vhd2image'
    enabled: true
    emailReceivers: [
      {
        name: 'operator'
        emailAddress: email
        useCommonAlertSchema: true
      }
    ]
  }
}

resource alertRules 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for rule in rules: {
    name: 'vhd-to-image-${rule.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: 'vhd-to-image: ${rule.title}'
      description: '${rule.description} Runbook: ${runbookUrl}#alert-${rule.name}'
      severity: rule.severity
      enabled: true
      scopes: [workspaceId]
      evaluationFrequency: rule.frequency
      windowSize: rule.window
      // A new workspace has had no telemetry yet, against which a query could be checked.
      skipQueryValidation: true
      autoMitigate: true
      criteria: {
        allOf: [
          {
            query: rule.query
            metricMeasureColumn: rule.column
            timeAggregation: 'Maximum'
            operator: 'GreaterThan'
            threshold: rule.threshold
            failingPeriods: {
              numberOfEvaluationPeriods: 1
              minFailingPeriodsToAlert: 1
            }
          }
        ]
      }
      actions: {
        actionGroups: empty(email) ? [] : [actionGroup.id]
      }
    }
  }
]
