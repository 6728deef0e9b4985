"""What an organisation promised to do, and by when: policy, calendar, duties. Pure: no vault and no clock."""
